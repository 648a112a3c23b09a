"""Runs nianbao with names of its own: no name server is asked, and some addresses of the loopback count as public.

    python tests/named.py SETTINGS WORD…

SETTINGS is JSON: `names` (name → addresses, or a list of them, one for each time that it is looked up), `public` (the start
of addresses that count as public), `back_off` (seconds). What was looked up is written to the file `said`, a name a line.
"""

import json
import socket
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import crawler.addresses
import crawler.manners
import crawler.rests
import nianbao


def main() -> None:
    """Put the names in the place of the system's, and run the command."""
    settings: dict[str, Any] = json.loads(sys.argv[1])
    sys.argv = ["nianbao", *sys.argv[2:]]
    names, times = settings["names"], Counter[str]()
    system, forbidden = socket.getaddrinfo, crawler.manners.is_forbidden

    def look_up(host: Any, port: Any, *arguments: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name.replace(".", "").isdigit():
            return system(host, port, *arguments, **named)
        with Path(settings["said"]).open("a") as said:
            said.write(f"{name}\n")
        if name not in names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        answers = names[name] if isinstance(names[name], list) else [names[name]]
        answer = answers[min(times[name], len(answers) - 1)]
        times[name] += 1
        rows = []
        for address in answer.split():
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            rows.append((family, socket.SOCK_STREAM, 6, "", (address, port or 0, *((0, 0) if ":" in address else ()))))
        return rows

    def judged(address: str) -> bool:
        return not (settings.get("public") and address.startswith(settings["public"])) and forbidden(address)

    socket.getaddrinfo = look_up
    crawler.manners.is_forbidden = judged
    crawler.rests.BACK_OFF = settings.get("back_off", crawler.rests.BACK_OFF)
    nianbao.main()


if __name__ == "__main__":
    main()
