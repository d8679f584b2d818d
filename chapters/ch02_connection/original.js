// Chapter 2 in JavaScript, for express 5 and socket.io 4.8: what main.rs beside it does.

const path = require('path');
const express = require('express');

const app = express();
const server = require('http').createServer(app);
const io = require('socket.io')(server);

app.get('/', function (req, res) {
  res.sendFile(path.join(__dirname, 'index.html'));
});

app.get('/page.js', function (req, res) {
  res.sendFile(path.join(__dirname, 'page.js'));
});

app.get(['/style.css', '/wire.css', '/wire.js'], function (req, res) {
  res.sendFile(path.join(__dirname, '../../static', req.path));
});

// ANCHOR: connection
io.on('connection', function (socket) {
  console.log('user connected: ' + socket.id);

  socket.on('disconnect', function (reason) {
    console.log('user disconnected: %s (%s)', socket.id, reason);
  });
});
// ANCHOR_END: connection

server.listen(process.env.PORT || 3000, '127.0.0.1', function () {
  console.log('Socket IO server listening on port ' + server.address().port);
});
