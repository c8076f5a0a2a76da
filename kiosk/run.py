"""`kiosk run`: the terminal with everything beside it, until it is told to stop."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

from config.schema import TerminalSettings
from kiosk import household, processes, sample_staff
from kiosk.sample_citizen import ITEMS
from kiosk.settings import load
from kiosk.supervisor import Child, Supervisor

DOCK_WIDTH = 420
PAUSE_SECONDS = "0.8"  # a played visit rests so long on each page, for people who watch


def run_terminal(settings_path: Path, *, play: bool = False, visits: int = 0) -> int:
    """0 when stopped, or when all played visits are done; `supervisor.SWITCH` when another version
    is to be started."""
    settings = load(settings_path)
    ports = household.Ports.of(settings)
    env = household.environment(settings, ports, None)
    playing = play or not processes.has_display()
    width, height = _window(settings)
    env |= {"KIOSK_SCREEN__WIDTH": str(width), "KIOSK_SCREEN__HEIGHT": str(height)}
    env |= household.publish(settings, settings.terminal.var.parent, settings.terminal.trust)
    children = household.background(settings, settings_path, env, ports)
    with ExitStack() as stack:
        if not processes.has_display():
            process, name = processes.virtual_display(settings.screen.width, settings.screen.height)
            stack.callback(processes.stop, process)
            env["DISPLAY"] = name
            print(f"No display here: made a virtual one ({name}); visits play by themselves.")
        pictures = settings.terminal.var.parent / "run" / "screens"
        screen = Child("screen", _screen_argv(settings_path, pictures, visits, playing), env)
        screen.restart = not (playing and visits)
        children.append(screen)
        if settings.simulators.enabled and not playing:
            children.append(Child("dock", _dock_argv(settings, width, height), env))
        if settings.simulators.enabled:
            _say_staff(sample_staff.enrol(settings.staff.roster, settings.simulators.folder))
        _say_where(settings, ports, pictures if playing else None)
        supervisor = stack.enter_context(Supervisor(children))
        supervisor.run(lambda: not screen.restart and not screen.alive)
    return supervisor.code


def _screen_argv(path: Path, pictures: Path, visits: int, playing: bool) -> list[str]:
    if not playing:
        return household.screen_argv(path)
    options = ["--visits", str(visits), "--pause", PAUSE_SECONDS, "--pictures", str(pictures)]
    for task in ITEMS.values():
        options += ["--task", task]
    return household.screen_argv(path, *options)


def _window(settings: TerminalSettings) -> tuple[int, int]:
    """The terminal's size; on a desktop that is too small for it, the same shape but smaller."""
    width, height = settings.screen.width, settings.screen.height
    room = processes.display_size() if processes.has_display() else None
    if room is None or settings.screen.fullscreen:
        return width, height
    scale = min(1.0, (room[0] - DOCK_WIDTH) / width, (room[1] - 80) / height)
    return round(width * scale), round(height * scale)


def _dock_argv(settings: TerminalSettings, width: int, height: int) -> list[str]:
    """Beside the terminal's window, not over it."""
    screen = settings.screen
    argv = [household.PYTHON, "-m", "screens.dock", "--folder", str(settings.simulators.folder)]
    argv += ["--fonts", str(screen.fonts), "--language", screen.language]
    return [*argv, "--left", str(width), "--size", f"{DOCK_WIDTH}x{height}"]


def _say_staff(pins: dict[str, str]) -> None:
    """Invented people of the dock who work here; nobody else knows their PINs."""
    for card, pin in pins.items():
        print(f"To sign in      card {card!r}, PIN {pin}")


def _say_where(settings: TerminalSettings, ports: household.Ports, pictures: Path | None) -> None:
    lines = []
    if settings.fleet.start:
        open_ = household.open_console() == "true"
        note = " (a demonstration: nobody signs in)" if open_ else ""
        lines.append(f"Fleet console   {ports.console}{note}")
    if settings.simulators.enabled:
        folder = settings.simulators.folder
        lines.append(f"Receipts        {folder}/receipts/")
        lines.append(f"Certificates    {folder}/certificates/")
        lines.append(f"Simulators      {folder}/*.json (written by the dock, or by hand)")
    if pictures is not None:
        lines.append(f"Screenshots     {pictures}/")
    lines.append("Stop with Ctrl-C.")
    print("\n".join(lines), file=sys.stdout, flush=True)
