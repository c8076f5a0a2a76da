"""A settings file is read whole, and a wrong one is explained with file, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import load
from config.load import SettingsFileError
from config.schema import DeviceTable, NearbyTable, TerminalSettings
from drivers import registry
from drivers.options import Site

SHIPPED = Path(__file__).parents[2] / "config/terminal.toml"


def written(folder: Path, text: str) -> Path:
    path = folder / "terminal.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_shows_every_key_with_its_default() -> None:
    shipped, defaults = load.terminal(SHIPPED), TerminalSettings()
    assert shipped.model_fields_set == set(TerminalSettings.model_fields)
    for name in TerminalSettings.model_fields:
        shown = getattr(shipped, name)
        assert set(type(shown).model_fields) <= shown.model_fields_set, name
        if not isinstance(shown, DeviceTable | NearbyTable):
            assert shown == getattr(defaults, name), name


async def test_the_shipped_devices_can_be_built_from_their_sections() -> None:
    settings = load.terminal(SHIPPED)
    for name in registry.CLASSES:
        table = getattr(settings, name)
        port = registry.build(name, table.driver, table.options, Site())
        fault = (await port.status()).fault if table.driver == "none" else None
        assert fault is None
        assert type(port) not in registry.STAND_INS.values() or table.driver == "none", name
        await port.close()


def test_an_empty_file_is_a_terminal_without_devices(tmp_path: Path) -> None:
    settings = load.terminal(written(tmp_path, ""))
    assert settings == TerminalSettings()
    assert {getattr(settings, name).driver for name in registry.CLASSES} == {"none"}


def test_a_file_changes_only_what_it_names(tmp_path: Path) -> None:
    settings = load.terminal(written(tmp_path, '[terminal]\nid = "KT-0077"\n'))

    assert settings.terminal.id == "KT-0077"
    assert settings.terminal.tenant == TerminalSettings().terminal.tenant


def test_the_environment_has_the_last_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_MQTT__PORT", "1884")
    monkeypatch.setenv("KIOSK_TERMINAL__SITE__EN", "Riverside")
    settings = load.terminal(written(tmp_path, "[mqtt]\nport = 1883\n[terminal.site]\nzh='河边'\n"))

    assert settings.mqtt.port == 1884
    assert (settings.terminal.site.zh, settings.terminal.site.en) == ("河边", "Riverside")


def test_variables_of_others_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_TEST_MODELS", "/somewhere")

    assert load.terminal(written(tmp_path, "")) == TerminalSettings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[screen]\nwidht = 5", "screen.widht: no such key; did you mean 'width'"),
        ("[gatewy]\nurl = 'x'", "gatewy: no such key; did you mean 'gateway'"),
        ("[terminal.site]\nzh = '甲'\nen = 'A'\nfr = 'B'", "terminal.site.fr: no such key; "),
        ("[mqtt]\nzzz = 1", "mqtt.zzz: no such key; remove it"),
        ("[mqtt]\nport = 'many'", "mqtt.port: "),
        ("[mqtt]\nport = 70000", "mqtt.port: "),
        ("[terminal]\nid = 'KT 1'", "terminal.id: "),
        ("[terminal.site]\nzh = '甲'", "terminal.site.en: Field required"),
        ("[idcard]\nport = 'ttyS0'", "idcard: unknown key 'port'"),
        ("[idcard]\ndriver = '../usb'", "idcard.driver: String should match pattern"),
        ("[screen]\nlanguage = 'fr'", "screen.language: config/locales has"),
        ("[mqtt\nport = 1", "not valid TOML: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_file_key_and_remedy(
    tmp_path: Path, text: str, message: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsFileError) as caught:
        load.terminal(path)

    assert str(caught.value).startswith(f"{path}: {message}")


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, "[mqtt]\nport = 0\nhots = 'x'\n[camera]\nseconds = -1\n")
    with pytest.raises(SettingsFileError) as caught:
        load.terminal(path)

    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert all(line.startswith(f"{path}: ") for line in lines)
    assert any("did you mean 'host'?" in line for line in lines)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsFileError, match="there is no such file"):
        load.terminal(tmp_path / "absent.toml")


def test_a_wrong_value_in_the_environment_names_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIOSK_MQTT__PORT", "many")
    with pytest.raises(SettingsFileError, match=r"mqtt\.port"):
        load.terminal(written(tmp_path, ""))
