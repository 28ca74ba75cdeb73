"""The process's settings: every fault at once, in words."""

import tomllib
from pathlib import Path

import pytest
import structlog

from node import config, console
from node.errors import Misconfigured
from node.logs import logger

ROOT = Path(__file__).parents[3]


def test_defaults_without_a_file(tmp_path: Path) -> None:
    settings = config.load(tmp_path, environ={})
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8080, "")


def test_environment_beats_the_file_and_the_command_beats_both(tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_text('listen = "127.0.0.1:1"\npublic_url = "https://a.example/"\n')
    settings = config.load(tmp_path, environ={"MUTUALAID_LISTEN": "127.0.0.1:2"})
    assert settings.listen == "127.0.0.1:2"
    assert settings.public_url == "https://a.example"
    assert config.load(tmp_path, environ={}, listen="[::1]:3").port == 3


def test_every_fault_is_named_at_once_with_a_suggestion(tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_text('listem = "x"\nlog_level = "loud"\npublic_url = "help.example.org"\n')
    with pytest.raises(Misconfigured) as caught:
        config.load(tmp_path, environ={"MUTUALAID_LISTEN": "8080"})
    text = str(caught.value)
    for part in (
        "did you mean 'listen'",
        "log_level",
        "public_url should look like",
        "listen should look like",
    ):
        assert part in text


def test_a_broken_file_and_a_wrong_type(tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_text("listen = [")
    with pytest.raises(Misconfigured, match="cannot be read"):
        config.load(tmp_path, environ={})
    (tmp_path / "node.toml").write_text("listen = 8080")
    with pytest.raises(Misconfigured, match="listen should be a text"):
        config.load(tmp_path, environ={})


@pytest.mark.parametrize(
    "url", ["https://a.example/path", "ftp://a.example", "https://", "https://a:b", "a.example"]
)
def test_addresses_that_are_none(url: str) -> None:
    assert config.check_url(url)


def test_the_example_file_shows_every_key_with_its_default(tmp_path: Path) -> None:
    example = tomllib.loads((ROOT / "examples" / "node.toml").read_text("utf-8"))
    assert set(example) == set(config.KEYS)
    (tmp_path / "node.toml").write_text((ROOT / "examples" / "node.toml").read_text("utf-8"))
    assert config.load(tmp_path, environ={}) == config.load(tmp_path / "nothing", environ={}).__class__(
        data=tmp_path
    )


def test_the_log_level_counts(tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_text('log_level = "error"\n')
    before = structlog.get_config()
    try:
        console.settings_of(tmp_path)
        with structlog.testing.capture_logs() as seen:
            logger("test").warning("small")
            logger("test").error("large")
    finally:
        structlog.configure(**before)
    assert [each["event"] for each in seen] == ["large"]
