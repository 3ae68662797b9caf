package io.runnel.region.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.Believed;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Verdict;
import io.runnel.region.cli.supervisor.DataFolder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Whether a document is to be believed, found out here or by a region. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Checks a document by the root's certificate, or has a region check it.",
            "With --root nobody is asked. With --at the region says what it finds, by what its",
            "network has revoked until now as well.",
            "FILE is a JWT, or a document with its signature beside it (FILE.p7s).",
            "Exit 0: it is to be believed. 1: it is not, and why; or nobody could tell."
        })
final class AttestVerifyCommand implements Callable<Integer> {
    private static final String AT = "--at";

    private final Shell shell;
    private final InstantSource clock = InstantSource.system();

    @Parameters(paramLabel = "FILE", description = "the document; - is standard input")
    private Path file;

    @Option(
            names = "--root",
            paramLabel = "PEM",
            description = "the root's certificate: runnel attest root")
    private Optional<Path> root = Optional.empty();

    @Option(
            names = AT,
            paramLabel = "REGION",
            description =
                    "the region that is to check it, https://HOST:PORT or a name in the data"
                        + " folder's topology; asked with the key of RUNNEL_ACCOUNT or RUNNEL_KEY,"
                        + " known by RUNNEL_CA or what stands in its place")
    private Optional<String> at = Optional.empty();

    @Option(names = "--audience", paramLabel = "A", description = "who checks it")
    private Optional<String> audience = Optional.empty();

    @Option(names = "--nonce", paramLabel = "N", description = "what it was asked with")
    private Optional<String> nonce = Optional.empty();

    @Option(
            names = "--disclosure",
            paramLabel = "D",
            description = "opens a fact that it withholds; up to 64")
    private List<String> disclosures = List.of();

    @Option(
            names = "--revoked",
            paramLabel = "CRL",
            description =
                    "what authorities have revoked: runnel attest revocations; with it, only whose"
                            + " authority is among them is believed; not with --at")
    private List<Path> revoked = List.of();

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Mixin private DataOption data;

    AttestVerifyCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        VerdictReport report = at.map(this::told).orElseGet(this::found);
        shell.print(json ? Json.pretty(report.json()) : report.text());
        return report.isTrusted() ? 0 : 1;
    }

    private VerdictReport found() {
        Path certificate =
                root.orElseThrow(
                        () ->
                                CliException.usage(
                                        "say by what it is to be checked: by a root's certificate,"
                                                + " --root PEM, or by a region, --at REGION"));
        return VerdictReport.of(
                presented()
                        .verify(
                                certificate,
                                Optional.of(revoked).filter(lists -> !lists.isEmpty()),
                                expected(),
                                clock.instant()));
    }

    private VerdictReport told(String region) {
        refuse("--root", root.isPresent());
        refuse("--revoked", !revoked.isEmpty());
        DataFolder folder = data.in(shell);
        List<URI> regions = new RegionChoice(folder).of(AT, region);
        return presented()
                .question(expected())
                .map(question -> told(Account.at(shell, folder, regions).api(), question))
                .orElseGet(() -> VerdictReport.of(noText()));
    }

    /** Whoever says these means to check it here. */
    private static void refuse(String option, boolean isGiven) {
        if (isGiven) {
            throw CliException.usage(
                    ("%s is for checking it here; with --at the region checks it, by its own root"
                                    + " and by all that was revoked")
                            .formatted(option));
        }
    }

    private static VerdictReport told(Api api, ObjectNode question) {
        return VerdictReport.told(api.send("POST", "/v1/attest/verify", question))
                .orElseThrow(() -> CliException.failed("what the region answered is no verdict"));
    }

    private static Verdict<Believed> noText() {
        return Verdict.rejected(Reason.MALFORMED, "it is no text in UTF-8");
    }

    private PresentedDocument presented() {
        return new PresentedDocument(shell.in(), file, disclosures);
    }

    private Asked expected() {
        return AttestCommand.asked(audience, nonce);
    }
}
