// Times between the messages of a handshake, taken where the controller's sockets send and receive, so that the
// controller's own computing is left out. Import it before matter.js.
import { Socket } from "node:dgram";

/** Opcodes of the secure channel in the clear. */
const names = { 0x20: "PBKDFParamRequest", 0x21: "PBKDFParamResponse", 0x22: "Pake1", 0x23: "Pake2", 0x24: "Pake3", 0x30: "Sigma1", 0x31: "Sigma2", 0x32: "Sigma3", 0x33: "Sigma2Resume", 0x40: "StatusReport" };

/** "Sigma1 to Sigma2Resume" and so on: lists of milliseconds. */
export const spans = {};
let sent;

/** The opcode of an unsecured secure-channel message; undefined for everything else. */
function opcodeOf(data) {
    if (data.length < 14 || data.readUInt16LE(1) !== 0 || data[3] !== 0 || data[0] >> 4 !== 0) {
        return undefined;
    }
    const at = 8 + (data[0] & 0x04 ? 8 : 0) + [0, 8, 2, 0][data[0] & 0x03];
    return data.length >= at + 6 && data.readUInt16LE(at + 4) === 0 ? data[at + 1] : undefined;
}

const send = Socket.prototype.send;
Socket.prototype.send = function (data, ...rest) {
    const opcode = opcodeOf(Buffer.from(data.buffer ?? data, data.byteOffset ?? 0, data.byteLength));
    if (names[opcode] && opcode !== 0x40) {
        sent = { opcode, at: performance.now() };
    }
    return send.call(this, data, ...rest);
};

const emit = Socket.prototype.emit;
Socket.prototype.emit = function (event, ...args) {
    if (event === "message" && sent) {
        const opcode = opcodeOf(args[0]);
        if (names[opcode]) {
            (spans[`${names[sent.opcode]} to ${names[opcode]}`] ??= []).push(performance.now() - sent.at);
            sent = undefined;
        }
    }
    return emit.call(this, event, ...args);
};
