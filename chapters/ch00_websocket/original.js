// Chapter 0 in JavaScript, for express 5 and ws 8: what main.rs beside it does.

const path = require('path');
const express = require('express');
const { WebSocketServer } = require('ws');

const app = express();
const server = require('http').createServer(app);
const wss = new WebSocketServer({ server: server, path: '/ws' });

app.get('/', function (req, res) {
  res.sendFile(path.join(__dirname, 'index.html'));
});

app.get('/page.js', function (req, res) {
  res.sendFile(path.join(__dirname, 'page.js'));
});

app.get(['/style.css', '/wire.css', '/wire.js'], function (req, res) {
  res.sendFile(path.join(__dirname, '../../static', req.path));
});

let board = '';

// ANCHOR: http
// HTTP: the client asks
app.get('/board', function (req, res) {
  res.type('text/plain').send(board);
});
// ANCHOR_END: http

// ANCHOR: websocket
// WebSocket: the client is told
wss.on('connection', function (ws) {
  let said = 0;
  ws.on('message', function (data, isBinary) {
    said += 1;
    board = said + ': ' + (isBinary ? data.length + ' bytes' : data);
    wss.clients.forEach(function (client) {
      client.send(board);
    });
  });
});
// ANCHOR_END: websocket

server.listen(process.env.PORT || 3000, '127.0.0.1', function () {
  console.log('WebSocket server listening on port ' + server.address().port);
});
