// matter.js as a controller, with full offline verification of the device's attestation: chain to the public test
// authorities, dates, vendor and product, revocation, and the signature of the certification declaration.
import "@matter/nodejs";
import { Environment, ServerNode, Seconds } from "@matter/main";
import { ControllerBehavior } from "@matter/main";
import {
    Ble, CaseClient, Certificate, CertificateAuthority, ControllerCommissioningFlow, DclCertificateService, FabricBuilder, FabricManager, Invoke,
    PeerSet, Read, SessionManager, Subscribe, Write,
} from "@matter/main/protocol";
import { Crypto } from "@matter/main";
import { NodeId } from "@matter/main/types";
import { OnOff } from "@matter/main/clusters/on-off";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join as path } from "node:path";
import { fileURLToPath } from "node:url";

const trust = path(dirname(fileURLToPath(import.meta.url)), "../trust");

/** The anchors were public long before any test device was made; a later date makes matter.js note that in its findings. */
const knownSince = "2023-01-01T00:00:00Z";

/** What each CASE handshake of this process was: true for a resumption. */
export const handshakes = [];
const pair = CaseClient.prototype.pair;
CaseClient.prototype.pair = async function (...args) {
    const started = performance.now();
    const result = await pair.apply(this, args);
    handshakes.push({ resumed: result.resumed, ms: performance.now() - started });
    return result;
};

async function* anchors(isPaa) {
    for (const name of readdirSync(trust)) {
        if (!name.endsWith(".der") || name.includes("PAA") !== isPaa) {
            continue;
        }
        const der = readFileSync(path(trust, name));
        const parsed = Certificate.parseAsn1Certificate(der, Certificate.REQUIRED_EXTENSIONS);
        const id = Buffer.from(parsed.extensions.subjectKeyIdentifier).toString("hex").toUpperCase();
        yield { subjectKeyId: id, derHex: der.toString("hex"), kind: "test" };
    }
}

/** Gives the process the anchors of trust for its first controller. */
async function installAnchors() {
    const environment = Environment.default;
    if (environment.has(DclCertificateService)) {
        return;
    }
    const refused = { url: "http://127.0.0.1:9" };
    const certificates = new DclCertificateService(environment, {
        fetchTestCertificates: true,
        acceptTestCertificates: true,
        fetchGithubCertificates: false,
        updateInterval: null,
        dclConfig: refused,
        testDclConfig: refused,
        seed: {
            paaRoots: { builtAt: knownSince, expectedCount: 2, entries: anchors(true) },
            cdSigners: { builtAt: knownSince, expectedCount: 1, entries: anchors(false) },
        },
    });
    await certificates.construction;
    environment.set(DclCertificateService, certificates);
}

/**
 * Starts a controller. Several in a process have an id each; with `of` it is a further node of that controller's fabric: of its
 * certificate authority, with a key, a certificate and a node id of its own.
 */
export async function startController({ id = "controller", label = "MatterNano tests", ble, of } = {}) {
    await installAnchors();
    let environment = Environment.default;
    if (ble) {
        environment.set(Ble, ble);
    }
    if (of) {
        environment = new Environment(id, environment);
        environment.set(CertificateAuthority, of.node.env.get(CertificateAuthority));
    }
    const node = await ServerNode.create(ServerNode.RootEndpoint.with(ControllerBehavior), {
        id,
        environment,
        network: { ble: false, port: 0 },
        commissioning: { enabled: false },
        controller: { ble: ble !== undefined, adminFabricLabel: label },
    });
    if (of) {
        await join(node, of.fabric);
    }
    await node.start();
    return new Controller(node);
}

/** Makes a controller a node of a fabric whose certificate authority it shares. */
async function join(node, fabric) {
    const crypto = node.env.get(Crypto);
    const nodeId = NodeId.randomOperationalNodeId(crypto);
    const builder = await FabricBuilder.create(crypto);
    await builder.setRootCert(fabric.rootCert);
    builder.setRootNodeId(nodeId).setIdentityProtectionKey(fabric.identityProtectionKey).setRootVendorId(fabric.rootVendorId).setLabel(fabric.label);
    const authority = node.env.get(CertificateAuthority);
    await builder.setOperationalCert(await authority.generateNoc(builder.publicKey, fabric.fabricId, nodeId), authority.icacCert);
    const fabrics = await node.env.load(FabricManager);
    fabrics.addFabric(await builder.build(fabrics.allocateFabricIndex()));
}

export class Controller {
    constructor(node) {
        this.node = node;
        this.findings = [];
        this.steps = [];
    }

    get #commissioning() {
        const steps = this.steps = [];
        class TimedFlow extends ControllerCommissioningFlow {
            constructor(...args) {
                super(...args);
                for (const step of this.commissioningSteps) {
                    const logic = step.stepLogic;
                    step.stepLogic = async () => {
                        const started = performance.now();
                        try {
                            return await logic.call(step);
                        } finally {
                            steps.push({ step: `${step.stepNumber}.${step.subStepNumber}`, name: step.name, ms: performance.now() - started });
                        }
                    };
                }
            }
        }
        return {
            autoSubscribe: false,
            autoStateInitialize: false,
            commissioningFlowImpl: TimedFlow,
            // Everything must verify; that the declaration is of the test kind is the one thing allowed.
            onAttestationFailure: findings => {
                this.findings.push(...findings);
                return findings.every(one => one.type === "CertificationTypeTest");
            },
        };
    }

    /** Commissions the device at an address. */
    async commissionAt(ip, port, passcode, options = {}) {
        const peer = await this.node.peers.forDescriptor({ addresses: [{ type: "udp", ip, port }] });
        await peer.commission({ passcode, timeout: Seconds(30), ...this.#commissioning, ...options });
        return this.peer = new Peer(this, peer);
    }

    /** Finds the device by mDNS (or BLE) and commissions it. */
    async commissionFound(passcode, longDiscriminator, options = {}) {
        const peer = await this.node.peers.commission({ passcode, longDiscriminator, timeout: Seconds(60), ...this.#commissioning, ...options });
        return this.peer = new Peer(this, peer);
    }

    /** Scans the simulated radio for the device and commissions it over BLE onto a Wi-Fi network. */
    async commissionOverBle(ble, passcode, longDiscriminator, wifiSsid, wifiCredentials, options = {}) {
        const found = await new Promise((resolve, reject) => {
            let stop;
            const cancel = new Promise(one => { stop = one; });
            ble.scanner.findCommissionableDevicesContinuously({ longDiscriminator }, device => { resolve(device); stop(); }, Seconds(20), cancel)
                .then(() => reject(new Error("no advertisement of the device")), reject);
        });
        const peer = await this.node.peers.forDescriptor({ addresses: found.addresses });
        await peer.commission({ passcode, timeout: Seconds(30), wifiNetwork: { wifiSsid, wifiCredentials }, ...this.#commissioning, ...options });
        return this.peer = new Peer(this, peer);
    }

    /** The device commissioned by an earlier process of the same storage. */
    known() {
        const peer = [...this.node.peers].find(one => one.lifecycle.isCommissioned);
        return peer && (this.peer = new Peer(this, peer));
    }

    /** The device that another node of the fabric commissioned. */
    async shared(nodeId) {
        const peer = await this.node.peers.forAddress({ fabricIndex: this.fabric.fabricIndex, nodeId });
        return this.peer = new Peer(this, peer);
    }

    get fabric() {
        return [...this.node.env.get(FabricManager)][0];
    }

    get sessions() {
        return this.node.env.get(SessionManager);
    }

    async close() {
        await this.node.close();
    }
}

/** A commissioned device. */
export class Peer {
    constructor(controller, node) {
        this.controller = controller;
        this.node = node;
    }

    get address() {
        return this.node.peerAddress ?? this.node.state.commissioning.peerAddress;
    }

    get session() {
        return this.controller.sessions.maybeSessionFor(this.address);
    }

    /** Reads; a list of {endpointId, clusterId, attributeId, value} or {.., status}. */
    async read(...selectors) {
        const found = [];
        for await (const chunk of this.node.interaction.read(Read({ fabricFilter: true }, ...selectors))) {
            for (const report of chunk) {
                found.push({ kind: report.kind, ...report.path, value: report.value, version: report.version, status: report.status, number: report.number, priority: report.priority });
            }
        }
        return found;
    }

    /** Reads one attribute. */
    async get(endpoint, cluster, attribute) {
        const [only] = await this.read(Read.Attribute({ endpoint, cluster, attributes: attribute }));
        if (only === undefined) {
            throw new Error(`no report for ${cluster.name ?? cluster} ${attribute}`);
        }
        if (only.kind !== "attr-value") {
            throw new Error(`status ${only.status} for ${cluster.name ?? cluster} ${attribute}`);
        }
        return only.value;
    }

    async set(endpoint, cluster, attribute, value) {
        const results = await this.node.interaction.write(Write(Write.Attribute({ endpoint, cluster, attributes: attribute, value })));
        return results[0]?.status;
    }

    /** Invokes one command and returns its response: {status} or {data}. */
    async invoke(endpoint, cluster, command, fields, options = {}) {
        const request = { endpoint, cluster, command, ...(fields === undefined ? {} : { fields }) };
        let response;
        for await (const chunk of this.node.interaction.invoke(Invoke({ commands: [Invoke.ConcreteCommandRequest(request)], ...options }))) {
            for (const one of chunk) {
                response = one.kind === "cmd-response" ? { data: one.data } : { status: one.status, clusterStatus: one.clusterStatus };
            }
        }
        return response;
    }

    /** Subscribes; `onReport` gets each {endpointId, clusterId, attributeId, value} with its time. */
    async subscribe(selectors, onReport, { min = 0, max = 10, sustain = false } = {}) {
        const watch = { keepalives: 0, closed: false };
        const subscription = await this.node.interaction.subscribe({
            ...Subscribe({
                minIntervalFloor: Seconds(min),
                maxIntervalCeiling: Seconds(max),
                keepSubscriptions: true,
            }, ...selectors),
            updated: async data => {
                for await (const chunk of data) {
                    for (const report of chunk) {
                        onReport({ ...report.path, kind: report.kind, value: report.value, at: performance.now() });
                    }
                }
            },
            closed: () => { watch.closed = true; },
            keepaliveReceived: () => { watch.keepalives++; },
            sustain,
        });
        return Object.assign(watch, { subscription });
    }

    /** Opens a CASE session if there is none and tells how: {resumed, ms}. */
    async connect() {
        const before = handshakes.length;
        await this.controller.node.env.get(PeerSet).get(this.address).connect();
        return handshakes[before];
    }

    /** Opens a second session beside the one there is. */
    async connectAgain() {
        const older = this.session;
        // matter.js takes a session for lost and opens another; nothing else is told.
        Object.defineProperty(older, "isPeerLost", { get: () => true, configurable: true });
        try {
            await this.connect();
        } finally {
            delete older.isPeerLost;
        }
        return older;
    }

    /** Ends the session with CloseSession. */
    async closeSession() {
        await this.session?.initiateClose();
    }

    /** Forgets the session without a word, as a crash does. */
    async forgetSession() {
        await this.session?.initiateForceClose({ cause: new Error("forgotten by the test") });
    }

    async forgetResumption() {
        await this.controller.sessions.deleteResumptionRecord(this.address);
    }
}

export { OnOff, Read };
