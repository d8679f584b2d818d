/*
 * What an application sees of the JavaScript client, against any server that keeps the contract of
 * reference.mjs. Run with `node --test client.test.mjs`; the environment chooses the two sides:
 *
 *   CLIENT      `ours` (static/socket.io.js, the default) or `official` (socket.io-client)
 *   SERVER_CMD  a command line that starts a server, `node reference.mjs` unless given
 *   SERVER_URL  a server that runs already; tests that must stop or stall one still use SERVER_CMD
 */
import "./client/transports.mjs";
import "./client/handshake.mjs";
import "./client/events.mjs";
import "./client/disconnection.mjs";
import "./client/reconnection.mjs";
