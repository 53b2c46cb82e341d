"""Run a batch on a SLURM controller and node of this machine's loopback, and compare it byte for byte with a local run.

Usage (as root, on Debian): ``python benchmarks/slurm_loopback.py [--batch snel] [--project FOLDER]``. It installs
SLURM's packages where they are missing, writes a configuration of one node, and stops both daemons when it ends. An
existing ``/etc/slurm/slurm.conf`` is left alone: the script then refuses.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from pmiek.workflow.contents import result_hashes

PACKAGES = ("slurmctld", "slurmd", "slurm-client", "munge")
CONFIGURATION = Path("/etc/slurm/slurm.conf")
OPTIONS = (
    "--slurm-status-command",
    "squeue",
    "--slurm-no-account",
    "--slurm-init-seconds-before-status-checks",
    "2",
)


def configuration(work: Path) -> str:
    """Describe a cluster of one node without accounting, on ports of its own."""
    host = socket.gethostname().split(".")[0]
    memory_mb = int(psutil.virtual_memory().total / 1e6 * 0.8)
    lines = {
        "ClusterName": "loopback",
        "SlurmctldHost": f"{host}(127.0.0.1)",
        "AuthType": "auth/munge",
        "SlurmUser": "root",
        "SlurmdUser": "root",
        "StateSaveLocation": work / "state",
        "SlurmdSpoolDir": work / "spool",
        "SlurmctldPidFile": work / "controller.pid",
        "SlurmdPidFile": work / "node.pid",
        "SlurmctldLogFile": work / "controller.log",
        "SlurmdLogFile": work / "node.log",
        "SlurmctldPort": 16817,
        "SlurmdPort": 16818,
        "ProctrackType": "proctrack/linuxproc",
        "TaskPlugin": "task/none",
        "SelectType": "select/cons_tres",
        "SelectTypeParameters": "CR_Core_Memory",
        "JobAcctGatherType": "jobacct_gather/none",
        "AccountingStorageType": "accounting_storage/none",
        "ReturnToService": 2,
        "MpiDefault": "none",
    }
    node = f"NodeName={host} NodeAddr=127.0.0.1 CPUs={os.cpu_count()} RealMemory={memory_mb} State=UNKNOWN"
    partition = f"PartitionName=compute Nodes={host} Default=YES MaxTime=INFINITE State=UP"
    return "\n".join([*(f"{key}={value}" for key, value in lines.items()), node, partition, ""])


def start(work: Path) -> None:
    """Install what is missing, and start authentication, controller and node."""
    if CONFIGURATION.exists():
        sys.exit(f"{CONFIGURATION} exists: this machine belongs to a cluster, or an earlier try was cut off")
    if not all(shutil.which(name) for name in ("slurmctld", "slurmd", "sbatch", "munged")):
        subprocess.run(["apt-get", "update", "-q"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *PACKAGES], check=True)
    for name in ("state", "spool"):
        (work / name).mkdir()
    CONFIGURATION.parent.mkdir(exist_ok=True)
    CONFIGURATION.write_text(configuration(work), encoding="utf-8")
    if not any(process.name() == "munged" for process in psutil.process_iter()):
        Path("/run/munge").mkdir(exist_ok=True)
        shutil.chown("/run/munge", "munge", "munge")
        subprocess.run(["runuser", "-u", "munge", "--", "munged"], check=True)
    for daemon in ("slurmctld", "slurmd"):
        subprocess.run([daemon], check=True)
    time.sleep(3)
    print(subprocess.run(["sinfo"], check=True, capture_output=True, text=True).stdout)


def stop(work: Path) -> None:
    """Stop both daemons and take the configuration away."""
    for name in ("node.pid", "controller.pid"):
        try:
            psutil.Process(int((work / name).read_text())).terminate()
        except (OSError, ValueError, psutil.Error):
            continue
    CONFIGURATION.unlink(missing_ok=True)


def run(project: Path, batch: str, *options: str) -> tuple[dict[str, str], float]:
    """Run a batch from nothing; give the hash of each table, and the seconds it took."""
    shutil.rmtree(project / "results" / batch, ignore_errors=True)
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "pmiek", "run", "--batch", batch, *options], cwd=project, check=True
    )
    return result_hashes(project / "results" / batch), time.monotonic() - began


def main() -> None:
    """Compare a run on SLURM with a local one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", default="snel")
    parser.add_argument("--project", type=Path, default=Path.cwd())
    asked = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="slurm-loopback-"))
    try:
        start(work)
        on_slurm, seconds = run(asked.project, asked.batch, "--profile", "profiles/slurm", *OPTIONS)
    finally:
        stop(work)
    local, local_seconds = run(asked.project, asked.batch)
    different = sorted(name for name in local | on_slurm if local.get(name) != on_slurm.get(name))
    print(
        f"SLURM {seconds:.0f} s, local {local_seconds:.0f} s, {len(local)} tables, different: {different or 'none'}"
    )
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
