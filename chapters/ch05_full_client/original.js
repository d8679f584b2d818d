// The tutorial's finished server in JavaScript, for express 5 and socket.io 4.8: what main.rs beside it does.

const path = require('path');
const express = require('express');

const app = express();
const server = require('http').createServer(app);
const io = require('socket.io')(server);

const pages = path.join(__dirname, '../../static');

// ANCHOR: page
app.get('/', function (req, res) {
  res.sendFile(path.join(pages, 'index.html'));
});

app.get(['/chat.js', '/style.css', '/wire.css', '/wire.js'], function (req, res) {
  res.sendFile(path.join(pages, req.path));
});
// ANCHOR_END: page

io.on('connection', function (socket) {
  // ANCHOR: login
  socket.on('login', function (data) {
    console.log('Client logged-in:\n name:' + data.name + '\n userid: ' + data.userid);

    // the socket remembers who is at its other end
    socket.name = data.name;
    socket.userid = data.userid;

    // to everyone, this client included
    io.emit('login', data.name);
  });
  // ANCHOR_END: login

  // ANCHOR: chat
  socket.on('chat', function (data) {
    console.log('Message from %s: %s', socket.name, data.msg);

    const msg = {
      from: {
        name: socket.name,
        userid: socket.userid
      },
      msg: data.msg
    };

    // to everyone but this client
    socket.broadcast.emit('chat', msg);
  });
  // ANCHOR_END: chat

  // ANCHOR: force_disconnect
  socket.on('forceDisconnect', function () {
    socket.disconnect();
  });
  // ANCHOR_END: force_disconnect

  // ANCHOR: disconnect
  socket.on('disconnect', function () {
    console.log('user disconnected: ' + socket.name);
  });
  // ANCHOR_END: disconnect
});

// ANCHOR: listen
server.listen(process.env.PORT || 3000, '127.0.0.1', function () {
  console.log('Socket IO server listening on port ' + server.address().port);
});
// ANCHOR_END: listen
