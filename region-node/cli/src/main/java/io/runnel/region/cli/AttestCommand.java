package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.Believed;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.task.NodeName;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Who nodes and calls are, and whether it is to be believed. */
@Command(
        name = "attest",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Makes, shows and checks signed documents of who nodes and calls are.")
final class AttestCommand implements Callable<Integer> {
    private static final String AUDIENCE = "for whom the document is: 1 to 256 characters";
    private static final String NONCE = "what nobody could know before, up to 128 characters";

    private final Shell shell;
    private final InstantSource clock = InstantSource.system();

    AttestCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        throw CliException.usage(
                "say what to do: runnel attest document, verify, root, token, revoke, readmit,"
                        + " revocations or audit");
    }

    @Command(
            name = "document",
            mixinStandardHelpOptions = true,
            description = {
                "Asks a node who it is. Writes FILE.json, its signature FILE.json.p7s (CMS) and"
                        + " the",
                "same as FILE.jwt; without --out, prints what it says."
            })
    Integer document(
            @Mixin DataOption data,
            @Option(names = "--node", paramLabel = "NODE", required = true, description = "which")
                    String node,
            @Option(names = "--audience", paramLabel = "A", description = AUDIENCE)
                    Optional<String> audience,
            @Option(names = "--nonce", paramLabel = "N", description = NONCE)
                    Optional<String> nonce,
            @Option(
                            names = {"-o", "--out"},
                            paramLabel = "FILE",
                            description = "what the names of the files begin with")
                    Optional<Path> out) {
        NodeAdmin nodes = NodeAdmin.mustBe(data.in(shell));
        Asked asked = asked(audience, nonce);
        JsonNode answer =
                switch (nodes.identity(node(nodes, node), asked)) {
                    case NodeAdmin.Answer.Known known -> known.report();
                    case NodeAdmin.Answer.Unknown _ ->
                            throw CliException.failed(
                                    "no authority has certified %s yet: see its node.log"
                                            .formatted(node));
                    case NodeAdmin.Answer.Silent silent ->
                            throw CliException.failed("%s: %s".formatted(node, silent.why()));
                };
        if (answer.path("revoked").asBoolean()) {
            throw CliException.failed(
                    "%s was revoked: runnel attest readmit %s".formatted(node, node));
        }
        if (out.isEmpty()) {
            shell.print(answer.path("document").asText());
            return 0;
        }
        Path json = named(out.get(), ".json");
        shell.write(json, answer.path("document").asText().getBytes(StandardCharsets.UTF_8));
        shell.write(
                named(out.get(), ".json.p7s"),
                Base64.getDecoder().decode(answer.path("cms").asText()));
        shell.write(
                named(out.get(), ".jwt"),
                answer.path("jwt").asText().getBytes(StandardCharsets.US_ASCII));
        shell.print(json.toString());
        return 0;
    }

    private static NodeName node(NodeAdmin nodes, String name) {
        if (!NodeName.isValid(name) || !nodes.has(new NodeName(name))) {
            throw CliException.failed("there is no node '%s' in this network".formatted(name));
        }
        return new NodeName(name);
    }

    private static Path named(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Checks a document with the root's certificate alone; nobody is asked.",
                "FILE is a JWT, or a document with its signature beside it (FILE.p7s).",
                "Exit 0: it is to be believed. 1: it is not, and why."
            })
    Integer verify(
            @Parameters(paramLabel = "FILE", description = "the document; - is standard input")
                    Path file,
            @Option(
                            names = "--root",
                            paramLabel = "PEM",
                            required = true,
                            description = "the root's certificate: runnel attest root")
                    Path root,
            @Option(names = "--audience", paramLabel = "A", description = "who checks it")
                    Optional<String> audience,
            @Option(names = "--nonce", paramLabel = "N", description = "what it was asked with")
                    Optional<String> nonce,
            @Option(
                            names = "--disclosure",
                            paramLabel = "D",
                            description = "opens a fact that it withholds")
                    List<String> disclosures,
            @Option(
                            names = "--revoked",
                            paramLabel = "CRL",
                            description =
                                    "what authorities have revoked: runnel attest revocations;"
                                            + " with it, only whose authority is among them is"
                                            + " believed")
                    List<Path> revoked,
            @Option(names = "--json", description = "print JSON") boolean json) {
        Verdict<Believed> verdict =
                new PresentedDocument(
                                shell.in(), file, disclosures == null ? List.of() : disclosures)
                        .verify(
                                root,
                                Optional.ofNullable(revoked),
                                asked(audience, nonce),
                                clock.instant());
        shell.print(
                switch (verdict) {
                    case Verdict.Trusted<Believed>(Believed facts) ->
                            json ? Json.pretty(json(facts)) : text(facts);
                    case Verdict.Rejected<Believed>(List<Rejection> why) ->
                            json ? Json.pretty(json(why)) : text(why);
                });
        return verdict instanceof Verdict.Trusted<Believed> ? 0 : 1;
    }

    private static Asked asked(Optional<String> audience, Optional<String> nonce) {
        try {
            return new Asked(audience, nonce);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(e.getMessage());
        }
    }

    private static ObjectNode json(Believed facts) {
        ObjectNode all = Json.object();
        all.put("trusted", true)
                .put("signer", facts.signer().uri())
                .put("kind", facts.document().kind().label())
                .put("event", facts.document().event().label())
                .put("serial", facts.document().serial())
                .put("issuedAt", facts.document().issuedAt().toString())
                .put("notAfter", facts.document().notAfter().toString());
        all.set("facts", facts.facts());
        return all;
    }

    private static String text(Believed facts) {
        Table table = new Table("fact", "value");
        facts.facts().properties().stream()
                .sorted((one, other) -> one.getKey().compareTo(other.getKey()))
                .forEach(
                        field ->
                                table.row(
                                        field.getKey(),
                                        field.getValue().isTextual()
                                                ? field.getValue().asText()
                                                : field.getValue().toString()));
        return "trusted: %s, signed by %s, valid until %s%n%s"
                .formatted(
                        facts.document().kind().label(),
                        facts.signer().uri(),
                        facts.document().notAfter(),
                        table);
    }

    private static ObjectNode json(List<Rejection> why) {
        ObjectNode all = Json.object().put("trusted", false);
        for (Rejection rejection : why) {
            all.withArray("reasons")
                    .addObject()
                    .put("code", rejection.reason().code())
                    .put("reason", rejection.reason().sentence())
                    .put("detail", rejection.detail());
        }
        return all;
    }

    private static String text(List<Rejection> why) {
        StringBuilder text = new StringBuilder("rejected");
        why.forEach(
                r ->
                        text.append(
                                "%n  %s (%s: %s)"
                                        .formatted(
                                                r.reason().sentence(),
                                                r.reason().code(),
                                                r.detail())));
        return text.toString();
    }
}
