"""A Modbus server on Debian's python3-pymodbus (3.0): devices for tests that are not our own work.

Arguments: tcp PORT | rtu DEVICE BAUD, then a JSON file: {"UNIT": {"holding": {"ADDRESS": [words]}, "input": {…}}}.
Says "ready" when it serves. Lines on its input: set UNIT holding|input ADDRESS WORD…; it ends when its input does.
"""
import asyncio
import json
import sys

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer
from pymodbus.transaction import ModbusRtuFramer

CODES = {"holding": 3, "input": 4}


def block(registers):
    """Words by address; never empty, as pymodbus refuses to answer from nothing."""
    words = {int(at) + i: word for at, many in registers.items() for i, word in enumerate(many)}
    return ModbusSparseDataBlock(words or {65535: 0})


def follow(units):
    """Takes changes from the input until it ends."""
    for line in sys.stdin:
        _, unit, bank, address, *words = line.split()
        units[int(unit)].setValues(CODES[bank], int(address), [int(word) for word in words])
        print("done", flush=True)


async def main():
    kind, where, *rest = sys.argv[1:]
    with open(rest[-1], encoding="utf-8") as file:
        described = json.load(file)
    units = {
        int(unit): ModbusSlaveContext(hr=block(banks.get("holding", {})), ir=block(banks.get("input", {})), zero_mode=True)
        for unit, banks in described.items()
    }
    context = ModbusServerContext(slaves=units, single=False)
    if kind == "tcp":
        server = ModbusTcpServer(context, address=("127.0.0.1", int(where)), allow_reuse_address=True, ignore_missing_slaves=True)
        serving = asyncio.ensure_future(server.serve_forever())
        await server.serving
    else:
        server = ModbusSerialServer(
            context, framer=ModbusRtuFramer, port=where, baudrate=int(rest[0]), parity="N", stopbits=1, timeout=0.01, ignore_missing_slaves=True)
        await server.start()
        serving = asyncio.ensure_future(server.serve_forever())
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, follow, units)
    serving.cancel()


asyncio.run(main())
