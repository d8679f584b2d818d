// Chapter 4 in JavaScript, for express 5 and socket.io 4.8: what main.rs beside it does.

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

io.on('connection', function (socket) {
  // ANCHOR: joined
  // whoever is here already learns the id of the new one
  socket.broadcast.emit('joined', socket.id);
  // ANCHOR_END: joined

  // ANCHOR: everyone
  // to everyone, this client included
  socket.on('everyone', function (msg) {
    io.emit('message', { from: socket.id, msg: msg });
  });
  // ANCHOR_END: everyone

  // ANCHOR: me
  // to this client only
  socket.on('me', function (msg) {
    socket.emit('message', { from: socket.id, msg: msg });
  });
  // ANCHOR_END: me

  // ANCHOR: others
  // to everyone but this client
  socket.on('others', function (msg) {
    socket.broadcast.emit('message', { from: socket.id, msg: msg });
  });
  // ANCHOR_END: others

  // ANCHOR: one
  // to one client
  socket.on('one', function (id, msg) {
    io.to(id).emit('message', { from: socket.id, msg: msg });
  });
  // ANCHOR_END: one
});

server.listen(process.env.PORT || 3000, '127.0.0.1', function () {
  console.log('Socket IO server listening on port ' + server.address().port);
});
