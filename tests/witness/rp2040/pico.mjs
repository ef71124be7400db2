// SPDX-License-Identifier: Apache-2.0
// Runs a flash image of the Raspberry Pi Pico in rp2040js, from the boot ROM's jump on.
//
//   node pico.mjs FOLDER IMAGE.bin [--port] [--seed-no-peripheral-clock]
//
// FOLDER holds node_modules. The serial line is standard input and output; with --port it is a TCP
// port of this machine, which a first line `port N` names, until the other side hangs up.
//
// Added to the model: the boot ROM's checksum; blocks that are held in reset at power-on; a reset that
// ends only once its block has a clock; pins that carry the UART only with its function; bytes that take
// their time on the line; hard faults; resets of the core. The seeded fault loses the write that starts
// the clock: the image must then stay silent.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import url from 'node:url';

const [modules, image, ...options] = process.argv.slice(2);
const entry = path.join(modules, 'node_modules/rp2040js/dist/esm/index.js');
const { RP2040, ConsoleLogger, LogLevel } = await import(url.pathToFileURL(path.resolve(entry)));

const STAGE_BYTES = 256;
const STAGE_PLACE = 0x41f00; // in memory
const FED_BY_PERIPHERAL_CLOCK = 1 << 16 | 1 << 17 | 1 << 22 | 1 << 23; // SPI and UART
const ALL_BLOCKS = 0x1ffffff;
const NOT_HELD_AT_POWER_ON = 1 << 6 | 1 << 9; // the flash's pins and pads
const CLOCK_ENABLED = 1 << 11;
const POWER_ON = 1 << 8;
const UART_FUNCTION = 2;
const HARD_FAULT = 3;
const RESET_REQUEST = 0x05fa0004;
const INSTRUCTIONS_PER_SLICE = 200_000;
const IDLE_LEAP_NANOS = 1e6;

function checkSecondStage(flash) {
  let crc = 0xffffffff;
  for (const byte of flash.subarray(0, STAGE_BYTES - 4)) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  }
  if (crc >>> 0 !== flash.readUInt32LE(STAGE_BYTES - 4)) {
    throw new Error('the boot ROM refuses the second stage: wrong checksum');
  }
}

class Fault extends Error {}

class Pico {
  constructor(flash, losesPeripheralClock) {
    this.flash = flash;
    this.chip = new RP2040();
    this.incoming = [];
    this.outgoing = [];
    this.nextByte = 0;
    this.restarts = false;
    this.holdBlocksInReset();
    if (losesPeripheralClock) this.losePeripheralClock();
    this.chip.peripherals[0x40064].readUint32 = (offset) => (offset === 8 ? POWER_ON : 0);
    this.catchFaults();
    this.chip.reset();
    this.chip.flash.set(flash);
    this.catchResets();
    this.chip.uart[0].onByte = (byte) => {
      const { chip } = this;
      if (chip.clocks.periCtrl & CLOCK_ENABLED && chip.gpio[0].functionSelect === UART_FUNCTION) {
        this.outgoing.push(byte);
      }
    };
    this.boot();
  }

  losePeripheralClock() {
    const { clocks } = this.chip;
    const writeAsModelled = clocks.writeUint32.bind(clocks);
    clocks.writeUint32 = (offset, value) => { if (offset !== 0x48) writeAsModelled(offset, value); };
  }

  holdBlocksInReset() {
    const { chip } = this;
    const resets = chip.peripherals[0x4000c];
    const readAsModelled = resets.readUint32.bind(resets);
    resets.reset = ALL_BLOCKS & ~NOT_HELD_AT_POWER_ON;
    resets.readUint32 = (offset) => {
      if (offset !== 8) return readAsModelled(offset);
      const waits = chip.clocks.periCtrl & CLOCK_ENABLED ? 0 : FED_BY_PERIPHERAL_CLOCK;
      return (ALL_BLOCKS & ~resets.reset & ~waits) >>> 0;
    };
  }

  catchFaults() {
    const { chip } = this;
    const raise = () => { if (!this.faulting) throw new Fault(); };
    chip.onBreak = raise;
    chip.logger = new ConsoleLogger(LogLevel.Error, true);
    chip.logger.warn = (_, text) => {
      if (/invalid memory|undefined address|not implemented yet/.test(text)) raise();
    };
  }

  catchResets() {
    const { ppb } = this.chip;
    const writeAsModelled = ppb.writeUint32.bind(ppb);
    ppb.writeUint32 = (offset, value) => {
      if (offset !== 0xd0c) writeAsModelled(offset, value);
      else if (value === RESET_REQUEST) this.restarts = true;
    };
  }

  /** What the boot ROM does: the second stage into memory, and go there. */
  boot() {
    const { chip } = this;
    chip.sram.set(this.flash.subarray(0, STAGE_BYTES), STAGE_PLACE);
    chip.core.SP = 0x20042000;
    chip.core.LR = 0;
    chip.core.PC = 0x20000000 + STAGE_PLACE;
  }

  /** As AIRCR does it: the core alone; peripherals run on. */
  resetCore() {
    const { core, ppb } = this.chip;
    Object.assign(core, {
      IPSR: 0, PM: false, currentMode: 0, VTOR: 0, waiting: false, pendingPendSV: false,
      pendingSystick: false, pendingNMI: false, pendingSVCall: false, pendingInterrupts: 0,
      enabledInterrupts: 0,
    });
    ppb.reset();
    this.boot();
  }

  step() {
    const { core } = this.chip;
    const pc = core.PC;
    try {
      return core.executeInstruction();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.faulting = true; // stacking may fail again, which the model would report
      core.PC = pc;
      core.exceptionEntry(HARD_FAULT);
      this.faulting = false;
      return 15;
    }
  }

  feedLine(byteNanos) {
    const { chip } = this;
    const uart = chip.uart[0];
    if (!this.incoming.length || chip.clock.nanos < this.nextByte || !uart.enabled
        || uart.rxFIFO.full) {
      return;
    }
    const byte = this.incoming.shift();
    if (chip.gpio[1].functionSelect === UART_FUNCTION) uart.feedByte(byte);
    this.nextByte = chip.clock.nanos + byteNanos;
  }

  /** Some milliseconds of the chip's time; true when it sleeps and nothing is on the line. */
  run() {
    const { chip } = this;
    const byteNanos = 1e10 / (chip.uart[0].baudRate || 115200);
    for (let i = 0; i < INSTRUCTIONS_PER_SLICE; i++) {
      this.feedLine(byteNanos);
      if (chip.core.waiting) {
        const leap = this.incoming.length ? byteNanos : IDLE_LEAP_NANOS;
        chip.clock.tick(Math.min(chip.clock.nanosToNextAlarm, leap));
        if (chip.core.checkForInterrupts()) chip.core.waiting = false;
        else if (!this.incoming.length) return true;
      } else {
        chip.clock.tick(this.step() * 1e9 / chip.clkSys);
      }
      if (this.restarts) {
        this.restarts = false;
        this.resetCore();
      }
    }
    return false;
  }
}

/** Reads as fast as the chip takes it, writes what it has sent. */
function carry(pico, source, sink, end) {
  source.on('data', (data) => { for (const byte of data) pico.incoming.push(byte); });
  source.on('end', end);
  source.on('close', end);
  source.on('error', end);
  const turn = () => {
    const asleep = pico.run();
    if (pico.outgoing.length) sink.write(Buffer.from(pico.outgoing.splice(0)));
    setTimeout(turn, asleep ? 1 : 0);
  };
  turn();
}

const flash = fs.readFileSync(image);
checkSecondStage(flash);
const pico = new Pico(flash, options.includes('--seed-no-peripheral-clock'));
if (options.includes('--port')) {
  const server = net.createServer((socket) => {
    carry(pico, socket.setNoDelay(true), socket, () => process.exit(0));
  });
  server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
} else {
  process.stdout.on('error', () => process.exit(0));
  carry(pico, process.stdin, process.stdout, () => {});
}
