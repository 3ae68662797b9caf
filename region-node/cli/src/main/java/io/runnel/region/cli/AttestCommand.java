package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.attestation.document.Asked;
import io.runnel.exec.task.NodeName;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
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

    /**
     * What a person asks or expects.
     *
     * @throws CliException if one is not of its form
     */
    static Asked asked(Optional<String> audience, Optional<String> nonce) {
        try {
            return new Asked(audience, nonce);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(e.getMessage());
        }
    }
}
