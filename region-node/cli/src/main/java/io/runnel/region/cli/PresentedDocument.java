package io.runnel.region.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.certificate.RevocationLists;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.Believed;
import io.runnel.attestation.document.Disclosure;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.document.SignedDocument;
import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Verdict;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A document that somebody presents, as files: what is in them may come from anybody. */
final class PresentedDocument {
    /** More than is ever read of one. */
    private static final int MOST_BYTES = 64 << 10;

    private final InputStream in;
    private final Path file;
    private final List<String> disclosures;

    /**
     * In this file.
     *
     * @param in what {@code -} stands for
     */
    PresentedDocument(InputStream in, Path file, List<String> disclosures) {
        this.in = in;
        this.file = file;
        this.disclosures = List.copyOf(disclosures);
    }

    /**
     * Whether it is to be believed.
     *
     * @param revoked lists of what is revoked, if these are to be looked at
     * @throws CliException if a file cannot be read, or the root's certificate is none
     */
    Verdict<Believed> verify(Path root, Optional<List<Path>> revoked, Asked expected, Instant now) {
        ChainVerifier chains = believing(root);
        ChainCheck check =
                revoked.map(lists -> (ChainCheck) new RevocationLists(chains, lists(lists)))
                        .orElse(chains);
        DocumentVerifier verifier = new DocumentVerifier(check);
        byte[] presented = read(file);
        String text = new String(presented, StandardCharsets.UTF_8);
        return isJson(text)
                ? verifier.verify(
                        new SignedDocument(presented, read(signature()), disclosed()),
                        expected,
                        now)
                : verifier.verify(text.strip(), disclosed(), expected, now);
    }

    /**
     * What a region is asked of it; empty if it is no text, and so no document.
     *
     * @throws CliException if a file cannot be read
     */
    Optional<ObjectNode> question(Asked expected) {
        List<Disclosure> shown = disclosed();
        return text(read(file))
                .map(
                        text -> {
                            ObjectNode question = document(text);
                            expected.audience().ifPresent(a -> question.put("audience", a));
                            expected.nonce().ifPresent(n -> question.put("nonce", n));
                            if (!shown.isEmpty()) {
                                ArrayNode all = question.putArray("disclosures");
                                shown.forEach(disclosure -> all.add(disclosure.text()));
                            }
                            return question;
                        });
    }

    private ObjectNode document(String text) {
        return isJson(text)
                ? Json.object()
                        .put("document", text)
                        .put("signature", Base64.getEncoder().encodeToString(read(signature())))
                : Json.object().put("jwt", text.strip());
    }

    /** As it is: what is not UTF-8 would be another text at the region. */
    private static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean isJson(String text) {
        return text.stripLeading().startsWith("{");
    }

    private Path signature() {
        return file.resolveSibling(file.getFileName() + ".p7s");
    }

    private static ChainVerifier believing(Path root) {
        try {
            return new ChainVerifier(Pem.certificates(Files.readString(root)).getFirst());
        } catch (PemException | IllegalArgumentException e) {
            throw CliException.failed("%s %s".formatted(root, e.getMessage()));
        } catch (IOException e) {
            throw CliException.failed("%s cannot be read: %s".formatted(root, Reason.of(e)));
        }
    }

    private static List<X509CRL> lists(List<Path> files) {
        List<X509CRL> lists = new ArrayList<>();
        for (Path file : files) {
            try {
                lists.add(Pem.revocationList(Files.readString(file)));
            } catch (PemException e) {
                throw CliException.failed("%s %s".formatted(file, e.getMessage()));
            } catch (IOException e) {
                throw CliException.failed("%s cannot be read: %s".formatted(file, Reason.of(e)));
            }
        }
        return lists;
    }

    private List<Disclosure> disclosed() {
        try {
            return Disclosure.parseAll(disclosures);
        } catch (IllegalArgumentException e) {
            throw CliException.usage("disclosures: " + e.getMessage());
        }
    }

    private byte[] read(Path from) {
        try {
            if (from.toString().equals("-")) {
                return in.readNBytes(MOST_BYTES);
            }
            try (InputStream opened = Files.newInputStream(from)) {
                return opened.readNBytes(MOST_BYTES);
            }
        } catch (IOException e) {
            throw CliException.failed("%s cannot be read: %s".formatted(from, Reason.of(e)));
        }
    }
}
