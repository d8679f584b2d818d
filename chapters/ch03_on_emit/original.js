// Chapter 3 in JavaScript, for express 5 and socket.io 4.8: what main.rs beside it does.

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

// ANCHOR: bad
// nobody checks what a client sends unless we do
function refuse(socket, error) {
  console.log('socket %s in /: %s', socket.id, error);
  socket.emit('refused', error);
}
// ANCHOR_END: bad

function isInteger(value) {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 31;
}

io.on('connection', function (socket) {
  // ANCHOR: string
  socket.on('hello', function (name) {
    if (typeof name !== 'string') return refuse(socket, 'hello: a string is needed');

    console.log('Message from Client: ' + name);
    socket.emit('hello', 'Hello, ' + name + '!');
  });
  // ANCHOR_END: string

  // ANCHOR: object
  socket.on('add', function (data) {
    // without this, 1 + '2' would be '12', and no data at all the end of the server
    if (!isInteger(data?.a) || !isInteger(data?.b)) return refuse(socket, 'add: two numbers are needed');

    console.log('Message from Client: %d + %d', data.a, data.b);
    socket.emit('sum', { sum: data.a + data.b });
  });
  // ANCHOR_END: object
});

server.listen(process.env.PORT || 3000, '127.0.0.1', function () {
  console.log('Socket IO server listening on port ' + server.address().port);
});
