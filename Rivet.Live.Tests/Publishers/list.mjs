// node list.mjs: the clients as JSON: name, what it is, command line.
import { clients, lineOf } from "./clients.mjs";

console.log(JSON.stringify(clients.map((client) => ({ name: client.name, says: client.says, line: lineOf(client) }))));
