package io.runnel.region.cli;

import io.runnel.attestation.SecretFile;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.RegionId;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The root of a network, which certifies the authorities of its regions. */
@Command(
        name = "root",
        mixinStandardHelpOptions = true,
        description = "Writes the certificate by which anybody can check documents.")
final class AttestRootCommand implements Callable<Integer> {
    private static final String PASSPHRASE = "RUNNEL_ROOT_PASSPHRASE";
    private static final int SHORTEST_PASSPHRASE = 12;

    private final Shell shell;
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock = InstantSource.system();

    @Mixin private DataOption data;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "the file to write instead of standard output")
    private Optional<Path> out = Optional.empty();

    AttestRootCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
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
                file -> shell.write(file, pem.getBytes(StandardCharsets.US_ASCII)),
                () -> shell.print(pem.strip()));
        return 0;
    }

    @Command(
            name = "init",
            mixinStandardHelpOptions = true,
            description = {
                "Makes the root of a network whose key is kept offline, encrypted by the passphrase"
                        + " in "
                        + PASSPHRASE
                        + ".",
                "Writes root.pem, to be kept, and ca.pem, for the data folder of each machine."
            })
    Integer init(
            @Parameters(paramLabel = "NETWORK", description = "its name, as the topology has it")
                    String network,
            @Option(
                            names = {"-o", "--out"},
                            paramLabel = "FOLDER",
                            required = true,
                            description = "where to write both")
                    Path folder) {
        CertifiedKey root = CertificateAuthority.root(label(network), clock.instant(), random);
        Path key = folder.resolve("root.pem");
        if (Files.exists(key)) {
            throw CliException.failed(key + " is there already, and is not written over");
        }
        new SecretFile(key).write(Pem.of(root, passphrase(), random));
        Path certificate = folder.resolve("ca.pem");
        shell.write(certificate, Pem.of(root.chain()).getBytes(StandardCharsets.US_ASCII));
        shell.print("%s %s".formatted(key, certificate));
        return 0;
    }

    @Command(
            name = "certify",
            mixinStandardHelpOptions = true,
            description = {
                "Makes the key of a region's authority and certifies it with the root's key.",
                "Put the file into the data folder of each machine of that region, as"
                        + " authority/region-REGION.pem, mode 0600."
            })
    Integer certify(
            @Parameters(paramLabel = "REGION", description = "the region") String region,
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
                    Path file) {
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
        new SecretFile(file).write(Pem.of(made));
        shell.print("%s until %s".formatted(file, made.certificate().getNotAfter().toInstant()));
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
}
