package io.runnel.attestation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.AttestationException.Code;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class CredentialsFileTest {
    @TempDir Path folder;

    private final SecureRandom random = new SecureRandom();

    private Profile fresh(String name) {
        return new Profile(
                name,
                BearerToken.generate(random),
                Optional.of(URI.create("http://127.0.0.1:9081")));
    }

    private Path write(String text) throws IOException {
        Path path = folder.resolve("credentials");
        Files.writeString(path, text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        return path;
    }

    @Test
    void whatIsPutIsRead() throws IOException {
        CredentialsFile file = new CredentialsFile(folder.resolve("new/credentials"));
        assertEquals(Map.of(), file.read());
        Profile admin = fresh("admin");
        Profile demo = fresh("demo");
        file.put(admin);
        file.put(demo);
        assertEquals(List.of(admin, demo), List.copyOf(file.read().values()));
        Profile again = new Profile("admin", BearerToken.generate(random), Optional.empty());
        file.put(again);
        assertEquals(Optional.of(again), file.profile("admin"));
        file.remove("admin");
        file.remove("nobody");
        assertEquals(Map.of("demo", demo), file.read());
    }

    @Test
    void theRootsCertificateIsNamedFromTheFilesFolder() {
        CredentialsFile file = new CredentialsFile(folder.resolve("credentials"));
        Profile demo = fresh("demo");
        Path relative = Path.of("certificates", "ca.pem");
        file.put(new Profile("demo", demo.token(), demo.endpoint(), Optional.of(relative)));
        Profile read = file.profile("demo").orElseThrow();
        assertEquals(Optional.of(folder.resolve(relative)), read.ca());
        file.put(read);
        assertEquals(Optional.of(read), file.profile("demo"));
        file.put(demo);
        assertEquals(Optional.of(demo), file.profile("demo"));
    }

    @Test
    void onlyItsOwnerMayReadIt() throws IOException {
        CredentialsFile file = new CredentialsFile(folder.resolve("credentials"));
        file.put(fresh("demo"));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())));
        Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r-----"));
        var e = assertThrows(AttestationException.class, file::read);
        assertEquals(Code.OPEN_TO_OTHERS, e.code());
        assertTrue(e.getMessage().contains("chmod 600"), e.getMessage());
    }

    @Test
    void whatOthersWroteIsKept() throws IOException {
        Path path =
                write(
                        """
                        # mine
                        [default]
                        aws_access_key_id = AKIAIOSFODNN7EXAMPLE
                        aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
                        [demo]
                        ; the demonstration
                        region=eu-west
                        """);
        CredentialsFile file = new CredentialsFile(path);
        assertEquals(Map.of(), file.read());
        file.put(fresh("demo"));
        file.put(fresh("demo"));
        String text = Files.readString(path);
        for (String kept :
                List.of(
                        "# mine",
                        "AKIAIOSFODNN7EXAMPLE",
                        "; the demonstration",
                        "region=eu-west")) {
            assertTrue(text.contains(kept), kept);
        }
        assertEquals(1, text.split("\\[demo\\]", -1).length - 1, text.replaceAll("=.*", "="));
    }

    @Test
    void aBrokenFileIsNamedByLineAndNotRepeated() throws IOException {
        String secret = "s3cr3t".repeat(8);
        String[] broken = {
            "[demo\n" + secret,
            "[demo]\n" + secret,
            "[]\nx=" + secret,
            "[demo]\naws_access_key_id=RNLABCDEFGHIJKLMN234\naws_secret_access_key=" + secret,
            "[demo]\naws_access_key_id=RNLABCDEFGHIJKLMN234\n",
        };
        for (String text : broken) {
            CredentialsFile file = new CredentialsFile(write(text));
            var e = assertThrows(AttestationException.class, file::read, text);
            assertEquals(Code.MALFORMED, e.code(), text);
            assertFalse(e.getMessage().contains(secret), e.getMessage());
            assertFalse(e.retryable());
        }
    }

    @Test
    void writersAtOnceLoseNothing() throws Exception {
        Path path = folder.resolve("credentials");
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Profile profile = fresh("p" + i);
            writers.add(Thread.ofVirtual().start(() -> new CredentialsFile(path).put(profile)));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertEquals(8, new CredentialsFile(path).read().size());
    }
}
