#!/usr/bin/env python3
"""Opens the web archive of an evidence pack in replayweb.page, in Chromium, and takes a picture of what it shows.

A person looks at the picture: that an archive is drawn as it should be is nothing that a test can say. Needs Chromium and the npm
package `replaywebpage` (AGPL: run here, never built into anything). Serves on the loopback address alone, for two minutes at most.

    npm pack replaywebpage && tar xzf replaywebpage-*.tgz
    python3 tests/replay/look.py PACK package/ picture.png [NUMBER]

NUMBER is the capture in the archive's list of pages, from 0; without it the picture shows the list.
"""

import functools
import http.server
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import zipfile

SECONDS = 60


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Answers byte ranges, by which the reader seeks in an archive, and says nothing."""

    def do_GET(self):
        if self.path == "/until-drawn":  # the page's load ends with this picture that never comes: the reader needs the time
            time.sleep(SECONDS / 3)
            return self.send_error(404)
        asked, path = self.headers.get("Range"), pathlib.Path(self.translate_path(self.path))
        if not (asked and path.is_file()):
            return super().do_GET()
        size = path.stat().st_size
        first, _, last = asked.removeprefix("bytes=").partition("-")
        begin = int(first) if first else size - int(last)
        end = min(int(last) if first and last else size - 1, size - 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {begin}-{end}/{size}")
        self.send_header("Content-Length", str(end - begin + 1))
        self.end_headers()
        with path.open("rb") as file:
            file.seek(begin)
            try:
                self.wfile.write(file.read(end - begin + 1))
            except BrokenPipeError:
                pass  # the reader has what it wanted of it

    def log_message(self, *_):
        pass


def main(pack, package, picture, number=None):
    with tempfile.TemporaryDirectory() as home:
        www = pathlib.Path(home, "www")
        (www / "replay").mkdir(parents=True)
        shutil.copy(pathlib.Path(pack, "redacted.wacz"), www / "redacted.wacz")
        for name in ("ui.js", "replay/ui.js", "replay/sw.js"):
            shutil.copy(pathlib.Path(package, pathlib.Path(name).name), www / name)
        archive = zipfile.ZipFile(www / "redacted.wacz")
        pages = [json.loads(line) for line in archive.read("pages/pages.jsonl").decode().splitlines()[1:]]
        at = f' url="{pages[int(number)]["url"]}"' if number else ""
        (www / "index.html").write_text(
            '<!doctype html><meta charset="utf-8"><style>body,html{margin:0;height:100%}</style><script src="/ui.js"></script>'
            f'<replay-web-page source="/redacted.wacz"{at} replayBase="/replay/" style="display:block;height:900px"></replay-web-page>'
        )
        (www / "frame.html").write_text(
            '<!doctype html><body style="margin:0"><iframe src="/index.html" style="width:1280px;height:900px;border:0"></iframe>'
            '<img src="/until-drawn" alt="">'
        )
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=www))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/frame.html"
        subprocess.run(
            [
                "chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={home}/profile",
                "--window-size=1280,900", f"--screenshot={picture}", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                address,
            ],
            check=True,
            timeout=2 * SECONDS,
            stderr=subprocess.DEVNULL,
        )
        server.shutdown()
    print(f"{picture}: {len(pages)} pages in the archive, drawn from {urllib.parse.urlsplit(address).hostname} alone")


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    main(*sys.argv[1:])
