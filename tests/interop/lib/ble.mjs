// A simulated BLE radio over TCP on loopback: one connection is one radio contact. Frames: type u8, length u16 LE,
// payload. The central's end plugs into a matter.js controller, the peripheral's end into a matter.js device; the
// host board has a peripheral's end of its own. BTP itself is matter.js' own code on these ends.
import { Bytes, ChannelType, Observable } from "@matter/general";
import { Ble, BleChannel, BleDisconnectedError, BtpCodec, BtpSessionHandler, MatterBle } from "@matter/protocol";
import { createConnection, createServer } from "node:net";

export const Frame = {
    ADVERTISE: 0x01, ADVERTISE_STOP: 0x02, CONNECT: 0x10, CONNECTED: 0x11, DISCONNECT: 0x12,
    WRITE_C1: 0x20, WRITE_C1_DONE: 0x21, SUBSCRIBE_C2: 0x22, SUBSCRIBE_C2_DONE: 0x23,
    INDICATE_C2: 0x24, CONFIRM_C2: 0x25, READ_C3: 0x26, READ_C3_DONE: 0x27,
};

const u16 = value => Uint8Array.of(value & 0xff, value >> 8);

/** One radio contact: sends frames and hands out those received. */
export class Contact {
    #rest = Buffer.alloc(0);
    #waiting = new Map();
    onFrame = () => {};
    onLost = () => {};

    constructor(socket) {
        this.socket = socket;
        socket.setNoDelay(true);
        socket.on("data", data => this.#received(data));
        socket.on("error", () => {});
        socket.on("close", () => {
            for (const waiting of this.#waiting.values()) {
                waiting.forEach(one => one.reject(new BleDisconnectedError("the radio contact is lost")));
            }
            this.#waiting.clear();
            this.onLost();
        });
    }

    send(type, payload = new Uint8Array()) {
        if (!this.socket.destroyed) {
            this.socket.write(Buffer.concat([Uint8Array.of(type), u16(payload.length), payload]));
        }
    }

    /** The next frame of a type, taken out of the ordinary flow. */
    next(type) {
        return new Promise((resolve, reject) => {
            if (this.socket.destroyed) {
                reject(new BleDisconnectedError("the radio contact is lost"));
                return;
            }
            this.#waiting.set(type, [...(this.#waiting.get(type) ?? []), { resolve, reject }]);
        });
    }

    lose() {
        this.socket.destroy();
    }

    #received(data) {
        this.#rest = Buffer.concat([this.#rest, data]);
        while (this.#rest.length >= 3 && this.#rest.length >= 3 + this.#rest.readUInt16LE(1)) {
            const type = this.#rest[0];
            const length = this.#rest.readUInt16LE(1);
            const payload = Uint8Array.from(this.#rest.subarray(3, 3 + length));
            this.#rest = this.#rest.subarray(3 + length);
            const waiting = this.#waiting.get(type)?.shift();
            waiting ? waiting.resolve(payload) : this.onFrame(type, payload);
        }
    }
}

function connectTo(port) {
    return new Promise((resolve, reject) => {
        const socket = createConnection(port, "127.0.0.1");
        socket.once("connect", () => resolve(new Contact(socket)));
        socket.once("error", reject);
    });
}

// A link that ends while an acknowledgement is on its way has ended, no more: onLost tells the channel.
function unlessDisconnected(error) {
    if (!(error instanceof BleDisconnectedError)) {
        throw error;
    }
}

/** A BTP session as a matter.js channel. */
class RadioChannel extends BleChannel {
    #over = false;
    name = "ble://simulated";

    constructor(contact) {
        super();
        this.contact = contact;
        contact.onLost = () => this.#end();
    }

    attach(session) {
        this.session = session;
    }

    async send(data) {
        await this.session.sendMatterMessage(data);
    }

    async close() {
        await this.session?.close();
        this.contact.send(Frame.DISCONNECT);
        this.contact.socket.end();
        this.#end();
    }

    onClose(listener) {
        this.closed.on(listener);
        return { close: async () => this.closed.off(listener) };
    }

    // matter.js takes messages from onData of the transport.
    async *[Symbol.asyncIterator]() {}

    #end() {
        if (!this.#over) {
            this.#over = true;
            this.emitClosed();
        }
    }
}

/** The central's radio. `tap(type, payload, contact)` sees every frame of the latest connection and may cut it. */
export class CentralBle extends Ble {
    frames = { written: 0, indicated: 0 };
    tap = () => {};

    constructor({ port, mtu = 247, window = 6 }) {
        super();
        Object.assign(this, { port, mtu, window });
        const received = Observable();
        const central = this;
        this.scanner = new RadioScanner(port);
        this.centralInterface = {
            onData: listener => {
                received.on(listener);
                return { close: async () => received.off(listener) };
            },
            close: async () => {},
            supports: type => type === ChannelType.BLE,
            openChannel: async () => await central.#open(received),
        };
    }

    get peripheralInterface() {
        throw new Error("this radio is a central");
    }

    async #open(received) {
        let contact = await connectTo(this.port);
        contact.send(Frame.CONNECT, u16(this.mtu));
        let inForce;
        try {
            inForce = await contact.next(Frame.CONNECTED);
        } catch (error) {
            // As every central does: the advertisement it heard may have been the last before a pause.
            contact = await connectTo(this.port);
            contact.send(Frame.CONNECT, u16(this.mtu));
            inForce = await contact.next(Frame.CONNECTED);
        }
        const channel = new RadioChannel(contact);
        this.contact = contact;
        let session;
        let incoming = Promise.resolve();
        contact.onFrame = async (type, payload) => {
            this.#show(type, payload, contact);
            if (type === Frame.INDICATE_C2) {
                this.frames.indicated++;
                contact.send(Frame.CONFIRM_C2);
                // One after the other: a radio without indications sends several at once.
                incoming = incoming.then(() => session?.handleIncomingBleData(payload)).catch(unlessDisconnected);
                await incoming;
            } else if (type === Frame.DISCONNECT) {
                contact.lose();
            }
        };
        await this.#write(contact, BtpCodec.encodeBtpHandshakeRequest({ versions: [...MatterBle.BTP_SUPPORTED_VERSIONS], attMtu: Buffer.from(inForce).readUInt16LE(0), clientWindowSize: this.window }));
        contact.send(Frame.SUBSCRIBE_C2, Uint8Array.of(2));
        const response = await contact.next(Frame.INDICATE_C2);
        this.frames.indicated++;
        contact.send(Frame.CONFIRM_C2);
        session = await BtpSessionHandler.createAsCentral(
            response,
            async data => await this.#write(contact, Bytes.of(data)),
            async () => await channel.close(),
            async data => received.emit(channel, data),
        );
        channel.attach(session);
        return channel;
    }

    // matter.js goes on acknowledging on links that are gone: what their timers write is not seen.
    #show(type, payload, contact) {
        if (contact === this.contact) {
            this.tap(type, payload, contact);
        }
    }

    async #write(contact, data) {
        this.frames.written++;
        this.#show(Frame.WRITE_C1, data, contact);
        contact.send(Frame.WRITE_C1, data);
        const [error] = await contact.next(Frame.WRITE_C1_DONE);
        if (error) {
            throw new Error(`the write of C1 failed with ATT error ${error}`);
        }
    }
}

/** Listens for advertisements and finds devices by discriminator. */
class RadioScanner {
    type = ChannelType.BLE;
    #found = [];

    constructor(port) {
        this.port = port;
    }

    async findCommissionableDevicesContinuously(identifier, callback, timeout, cancel) {
        const contact = await connectTo(this.port);
        const devices = [];
        const over = new Promise(resolve => {
            this.cancelCommissionableDeviceDiscovery = () => resolve();
            cancel?.then(resolve, resolve);
            if (timeout !== undefined) {
                setTimeout(resolve, timeout).unref();
            }
            contact.onLost = resolve;
        });
        contact.onFrame = (type, payload) => {
            const device = type === Frame.ADVERTISE && parseAdvertisement(payload);
            if (device && matches(device, identifier)) {
                this.#found = [device];
                devices.push(device);
                callback(device);
            }
        };
        await over;
        contact.lose();
        return devices;
    }

    getDiscoveredCommissionableDevices(identifier) {
        return this.#found.filter(device => matches(device, identifier));
    }

    cancelCommissionableDeviceDiscovery() {}

    async close() {}
}

function matches(device, { longDiscriminator, shortDiscriminator }) {
    return (longDiscriminator === undefined || device.D === longDiscriminator) &&
        (shortDiscriminator === undefined || device.D >> 8 === shortDiscriminator);
}

/** Address (6 bytes), then AD structures; the one with service data of FFF6 counts. */
export function parseAdvertisement(payload) {
    const address = Buffer.from(payload.subarray(0, 6)).reverse().toString("hex");
    for (let at = 6; at + 1 < payload.length; at += payload[at] + 1) {
        const data = Buffer.from(payload.subarray(at + 2, at + 1 + payload[at]));
        if (payload[at + 1] === 0x16 && data.readUInt16LE(0) === 0xfff6 && data[2] === 0) {
            return {
                deviceIdentifier: address,
                D: data.readUInt16LE(3) & 0xfff,
                VP: `${data.readUInt16LE(5)}+${data.readUInt16LE(7)}`,
                CM: 1,
                addresses: [{ type: "ble", peripheralAddress: address }],
            };
        }
    }
}

/** Connects, reads what C3 tells, and goes again. */
export async function readAdditionalData(port) {
    const contact = await connectTo(port);
    contact.send(Frame.CONNECT, u16(247));
    await contact.next(Frame.CONNECTED);
    contact.send(Frame.READ_C3);
    const data = await contact.next(Frame.READ_C3_DONE);
    contact.send(Frame.DISCONNECT);
    contact.socket.end();
    return Buffer.from(data);
}

/** The peripheral's radio, for matter.js' own light. */
export class PeripheralBle extends Ble {
    #listeners = new Set();
    #advertised;
    #linked = false;

    constructor({ port, mtu = 247 }) {
        super();
        this.mtu = mtu;
        const received = Observable();
        const connected = Observable();
        const disconnected = Observable();
        createServer(socket => this.#accept(new Contact(socket), received, connected, disconnected)).listen(port, "127.0.0.1");
        const on = observable => listener => {
            observable.on(listener);
            return { close: async () => observable.off(listener) };
        };
        this.peripheralInterface = {
            onData: on(received),
            onConnect: on(connected),
            onDisconnect: on(disconnected),
            close: async () => {},
            supports: type => type === ChannelType.BLE,
            openChannel: async () => { throw new Error("a peripheral opens no channel"); },
            advertise: async data => {
                this.#advertised = Bytes.of(data);
                this.#announce();
            },
            stopAdvertising: async () => {
                this.#advertised = undefined;
                this.#announce();
            },
        };
    }

    get centralInterface() {
        throw new Error("this radio is a peripheral");
    }

    get scanner() {
        throw new Error("this radio is a peripheral");
    }

    #announce() {
        for (const contact of this.#listeners) {
            if (this.#advertised && !this.#linked) {
                contact.send(Frame.ADVERTISE, Buffer.concat([Buffer.from("010203040506", "hex"), this.#advertised]));
            } else {
                contact.send(Frame.ADVERTISE_STOP);
            }
        }
    }

    #accept(contact, received, connected, disconnected) {
        this.#listeners.add(contact);
        this.#announce();
        let request;
        let channel;
        // The central may write data before it confirms the handshake response, when the session is not made yet.
        let opened;
        const session = new Promise(resolve => { opened = resolve; });
        let incoming = session;
        contact.onLost = () => this.#listeners.delete(contact);
        contact.onFrame = async (type, payload) => {
            switch (type) {
                case Frame.CONNECT: {
                    if (this.#linked) {
                        contact.send(Frame.DISCONNECT);
                        break;
                    }
                    this.#linked = true;
                    this.#listeners.delete(contact);
                    this.#announce();
                    this.inForce = Math.min(this.mtu, Buffer.from(payload).readUInt16LE(0));
                    channel = new RadioChannel(contact);
                    channel.onClose(() => {
                        this.#linked = false;
                        disconnected.emit(channel);
                        this.#announce();
                    });
                    contact.send(Frame.CONNECTED, u16(this.inForce));
                    break;
                }
                case Frame.WRITE_C1:
                    contact.send(Frame.WRITE_C1_DONE, Uint8Array.of(0));
                    if (request) {
                        incoming = incoming.then(async () => await (await session).handleIncomingBleData(payload));
                        await incoming;
                    } else {
                        request = payload;
                    }
                    break;
                case Frame.SUBSCRIBE_C2: {
                    contact.send(Frame.SUBSCRIBE_C2_DONE);
                    const indicate = async data => {
                        const confirmed = contact.next(Frame.CONFIRM_C2);
                        contact.send(Frame.INDICATE_C2, Bytes.of(data));
                        await confirmed;
                    };
                    const made = await BtpSessionHandler.createFromHandshakeRequest(
                        MatterBle.btpSegmentSizeFromAttMtu(this.inForce), request, indicate, async () => await channel.close(),
                        async data => received.emit(channel, data),
                    );
                    channel.attach(made);
                    connected.emit(channel);
                    opened(made);
                    break;
                }
                case Frame.READ_C3:
                    contact.send(Frame.READ_C3_DONE);
                    break;
                case Frame.DISCONNECT:
                    contact.lose();
                    break;
            }
        };
    }
}
