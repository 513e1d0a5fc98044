"""Drives one Deno kernel through jupyter_client, for the TypeScript at the other end of the pipe.

A request is a line of JSON on standard input, `{"id", "method", ...}`; its answer is a line on
standard output, `{"id", "result"}` or `{"id", "error"}`. Requests are served side by side: a
running cell can be interrupted, and its outputs can be looked at.

Outputs are in the form of notebook files. The kernel may send outputs after it has said `idle`, so
a cell counts as finished only when its channel has been quiet for a while.
"""

import asyncio
import json
import signal
import sys
import time
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbformat.v4 import output_from_msg

Message = dict[str, Any]

OUTPUT_TYPES = {"stream", "display_data", "execute_result", "error"}


class Cell:
    """One execution: its outputs so far, and when its channel was last heard of."""

    def __init__(self) -> None:
        self.outputs: list[Message] = []
        self.display_ids: list[str | None] = []
        self.idle = asyncio.Event()
        self.last_heard = time.monotonic()
        self.clear_before_next = False

    def add(self, output: Message, display_id: str | None) -> None:
        if self.clear_before_next:
            self.clear()
        last = self.outputs[-1] if self.outputs else None
        joins = last is not None and last["output_type"] == output["output_type"] == "stream"
        if joins and last["name"] == output["name"]:
            last["text"] += output["text"]
            return
        self.outputs.append(output)
        self.display_ids.append(display_id)

    def clear(self) -> None:
        self.outputs.clear()
        self.display_ids.clear()
        self.clear_before_next = False


class Driver:
    """The kernel, its cells by execution, and the requests that concern them."""

    def __init__(self) -> None:
        self.cells: dict[int, Cell] = {}
        self.by_message: dict[str, Cell] = {}
        self.replies: dict[str, asyncio.Future[Message]] = {}
        self.listeners: list[asyncio.Task[None]] = []

    async def start(self, cwd: str, kernel: str, timeout: float) -> Message:
        self.manager = AsyncKernelManager(kernel_name=kernel)
        await self.manager.start_kernel(cwd=cwd)
        self.client = self.manager.client()
        self.client.start_channels()
        await self.client.wait_for_ready(timeout=timeout)
        self.listeners = [
            asyncio.create_task(self.listen_to_outputs()),
            asyncio.create_task(self.listen_to_replies()),
        ]
        return {"pid": getattr(self.manager.provisioner, "pid", None)}

    async def listen_to_outputs(self) -> None:
        while True:
            self.take_output(await self.client.get_iopub_msg())

    def take_output(self, message: Message) -> None:
        kind, content = message["msg_type"], message["content"]
        cell = self.by_message.get(message["parent_header"].get("msg_id", ""))
        if cell is not None:
            cell.last_heard = time.monotonic()
        if kind == "update_display_data":
            self.update_displays(content)
        elif cell is None:
            return
        elif kind == "status":
            if content["execution_state"] == "idle":
                cell.idle.set()
        elif kind == "clear_output":
            cell.clear_before_next = content.get("wait", False)
            if not cell.clear_before_next:
                cell.clear()
        elif kind in OUTPUT_TYPES:
            cell.add(output_from_msg(message), content.get("transient", {}).get("display_id"))

    def update_displays(self, content: Message) -> None:
        """Replaces every output shown under a display id, in whatever cell it is."""
        wanted = content["transient"]["display_id"]
        for cell in self.cells.values():
            for output, display_id in zip(cell.outputs, cell.display_ids):
                if display_id == wanted:
                    output["data"] = content["data"]
                    output["metadata"] = content.get("metadata", {})

    async def listen_to_replies(self) -> None:
        while True:
            message = await self.client.get_shell_msg()
            reply = self.replies.pop(message["parent_header"].get("msg_id", ""), None)
            if reply is not None and not reply.done():
                reply.set_result(message["content"])

    async def execute(self, cell: int, code: str, timeout: float, drain: float) -> Message:
        """Runs a cell to its end: the kernel's reply, `idle`, and `drain` quiet seconds."""
        record = self.cells[cell] = Cell()
        message_id = self.client.execute(code, allow_stdin=False, store_history=True)
        self.by_message[message_id] = record
        reply = self.replies[message_id] = asyncio.get_running_loop().create_future()
        deadline = time.monotonic() + timeout
        while not reply.done():
            if not await self.manager.is_alive():
                raise RuntimeError("The kernel died")
            if time.monotonic() > deadline:
                raise TimeoutError(f"The cell still runs after {timeout:g} s")
            await asyncio.wait([reply], timeout=0.25)
        content = reply.result()
        try:
            await asyncio.wait_for(record.idle.wait(), timeout=5)
        except asyncio.TimeoutError:
            pass  # The kernel has answered: the missing `idle` is no reason to give up.
        record.last_heard = time.monotonic()
        give_up = record.last_heard + 5
        while time.monotonic() < min(record.last_heard + drain, give_up):
            await asyncio.sleep(drain / 10)
        return {
            "status": content["status"],
            "executionCount": content.get("execution_count"),
            "outputs": record.outputs,
            "error": {
                "name": content.get("ename", ""),
                "message": content.get("evalue", ""),
                "traceback": content.get("traceback", []),
            }
            if content["status"] == "error"
            else None,
        }

    async def outputs(self, cell: int) -> list[Message]:
        return self.cells[cell].outputs

    async def interrupt(self) -> None:
        await self.manager.interrupt_kernel()

    async def alive(self) -> bool:
        return await self.manager.is_alive()

    async def shutdown(self) -> None:
        for listener in self.listeners:
            listener.cancel()
        if hasattr(self, "client"):
            self.client.stop_channels()
        if hasattr(self, "manager"):
            await self.manager.shutdown_kernel(now=True)

    async def serve(self, line: str) -> None:
        request = json.loads(line)
        identifier, method = request.pop("id"), request.pop("method")
        try:
            answer = {"id": identifier, "result": await getattr(self, method)(**request)}
        except Exception as error:
            answer = {"id": identifier, "error": str(error) or type(error).__name__}
        print(json.dumps(answer), flush=True)


async def main() -> None:
    # Ctrl+C in the terminal is for the other end, which then closes our input. A handler, for the
    # kernel would inherit SIG_IGN.
    signal.signal(signal.SIGINT, lambda *_: None)
    driver = Driver()
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 28)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    requests: set[asyncio.Task[None]] = set()
    try:
        while line := await reader.readline():
            task = asyncio.create_task(driver.serve(line.decode()))
            requests.add(task)
            task.add_done_callback(requests.discard)
    finally:
        await driver.shutdown()


asyncio.run(main())
