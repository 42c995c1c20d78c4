"""Starts InfusionDesk; `python main.py --help` lists the commands."""

import sys

from infusiondesk.app.launch import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
