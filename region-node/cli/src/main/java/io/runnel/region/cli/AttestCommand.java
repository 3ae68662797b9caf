package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.SecretFile;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.Believed;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
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
    private static final String PASSPHRASE = "RUNNEL_ROOT_PASSPHRASE";
    private static final int SHORTEST_PASSPHRASE = 12;

    private final Shell shell;
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock = InstantSource.system();

    AttestCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        throw CliException.usage(
                "say what to do: runnel attest root, root-init, region, document or verify");
    }

    @Command(
            name = "root",
            mixinStandardHelpOptions = true,
            description = "Writes the certificate by which anybody can check documents.")
    Integer root(
            @Mixin DataOption data,
            @Option(
                            names = {"-o", "--out"},
                            paramLabel = "FILE",
                            description = "the file to write instead of standard output")
                    Optional<Path> out) {
        var folder = new AuthorityFolder(data.in(shell).root());
        String pem =
                folder.root()
                        .map(certificate -> Pem.of(List.of(certificate)))
                        .orElseThrow(
                                () ->
                                        CliException.failed(
                                                "%s is not there: no network has begun here"
                                                        .formatted(folder.rootCertificate())));
        out.ifPresentOrElse(
                file -> write(file, pem.getBytes(StandardCharsets.US_ASCII)),
                () -> shell.print(pem.strip()));
        return 0;
    }

    @Command(
            name = "root-init",
            mixinStandardHelpOptions = true,
            description = {
                "Makes the root of a network whose key is kept offline, encrypted by the passphrase"
                        + " in "
                        + PASSPHRASE
                        + ".",
                "Writes root.pem, to be kept, and ca.pem, for the data folder of each machine."
            })
    Integer rootInit(
            @Parameters(paramLabel = "NETWORK", description = "its name, as the topology has it")
                    String network,
            @Option(
                            names = {"-o", "--out"},
                            paramLabel = "FOLDER",
                            required = true,
                            description = "where to write both")
                    Path out) {
        CertifiedKey root = CertificateAuthority.root(label(network), clock.instant(), random);
        Path key = out.resolve("root.pem");
        if (Files.exists(key)) {
            throw CliException.failed(key + " is there already, and is not written over");
        }
        new SecretFile(key).write(Pem.of(root, passphrase(), random));
        write(out.resolve("ca.pem"), Pem.of(root.chain()).getBytes(StandardCharsets.US_ASCII));
        shell.print("%s %s".formatted(key, out.resolve("ca.pem")));
        return 0;
    }

    @Command(
            name = "region",
            mixinStandardHelpOptions = true,
            description = {
                "Makes the key of a region's authority and certifies it with the root's key.",
                "Put the file into the data folder of each machine of that region, as"
                        + " authority/region-REGION.pem, mode 0600."
            })
    Integer region(
            @Parameters(paramLabel = "REGION") String region,
            @Option(
                            names = "--root-key",
                            paramLabel = "FILE",
                            required = true,
                            description =
                                    "the root's key; its passphrase, if it has one, is in "
                                            + PASSPHRASE)
                    Path rootKey,
            @Option(
                            names = {"-o", "--out"},
                            paramLabel = "FILE",
                            required = true,
                            description = "the file to write, for its owner only")
                    Path out) {
        String text =
                new SecretFile(rootKey)
                        .read()
                        .orElseThrow(() -> CliException.failed(rootKey + " is not there"));
        CertifiedKey root = key(rootKey, text);
        if (!(root.identity() instanceof Identity.Root)) {
            throw CliException.failed(rootKey + " is not the key of a root");
        }
        CertifiedKey made =
                new CertificateAuthority(root, random)
                        .create(
                                new Identity.Authority(
                                        root.identity().network(), new RegionId(label(region))),
                                clock.instant(),
                                CertificateAuthority.AUTHORITY_LIFE);
        new SecretFile(out).write(Pem.of(made));
        shell.print("%s until %s".formatted(out, made.certificate().getNotAfter().toInstant()));
        return 0;
    }

    private CertifiedKey key(Path file, String text) {
        try {
            return Pem.key(
                    text,
                    Optional.ofNullable(shell.environment().get(PASSPHRASE))
                            .map(String::toCharArray));
        } catch (PemException e) {
            String hint =
                    e.code() == PemException.Code.PASSPHRASE
                            ? "; the passphrase is read from " + PASSPHRASE
                            : "";
            throw CliException.failed("%s %s%s".formatted(file, e.getMessage(), hint));
        }
    }

    private char[] passphrase() {
        String given = shell.variable(PASSPHRASE).orElse("");
        if (given.length() < SHORTEST_PASSPHRASE) {
            throw CliException.usage(
                    "put a passphrase of at least %d characters into %s"
                            .formatted(SHORTEST_PASSPHRASE, PASSPHRASE));
        }
        return given.toCharArray();
    }

    private static String label(String name) {
        if (!RegionId.isValid(name)) {
            throw CliException.usage(
                    "'%s' is no name: 1 to 63 of a-z, 0-9 and inner '-'".formatted(name));
        }
        return name;
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
        if (out.isEmpty()) {
            shell.print(answer.path("document").asText());
            return 0;
        }
        Path json = named(out.get(), ".json");
        write(json, answer.path("document").asText().getBytes(StandardCharsets.UTF_8));
        write(
                named(out.get(), ".json.p7s"),
                Base64.getDecoder().decode(answer.path("cms").asText()));
        write(
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
            @Option(names = "--json", description = "print JSON") boolean json) {
        Verdict<Believed> verdict =
                new PresentedDocument(
                                shell.in(), file, disclosures == null ? List.of() : disclosures)
                        .verify(root, asked(audience, nonce), clock.instant());
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

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw CliException.failed("%s cannot be written: %s".formatted(file, Reason.of(e)));
        }
    }
}
