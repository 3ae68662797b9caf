package io.runnel.exec.microvm.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The file that keeps what is known of {@link Acceleration}; whatever is wrong in it is unknown.
 */
final class AnswerFile {
    private static final System.Logger LOG = System.getLogger(AnswerFile.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 8 << 10;

    private AnswerFile() {}

    static Optional<Acceleration> read(Path file, String key) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                return Optional.empty();
            }
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            if (!json.path("key").asText().equals(key)) {
                return Optional.empty();
            }
            String word = json.path("accelerator").asText();
            return Stream.of(Accelerator.values())
                    .filter(accelerator -> accelerator.word().equals(word))
                    .map(found -> new Acceleration(found, json.path("words").asText()))
                    .findFirst();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "what is known of KVM cannot be read", e);
            return Optional.empty();
        }
    }

    static void write(Path file, String key, Acceleration answer) {
        try {
            Path temporary = Files.createTempFile(file.toAbsolutePath().getParent(), ".a", null);
            Files.write(
                    temporary,
                    JSON.writeValueAsBytes(
                            JSON.createObjectNode()
                                    .put("key", key)
                                    .put("accelerator", answer.accelerator().word())
                                    .put("words", answer.words())));
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "what is known of KVM cannot be kept", e);
        }
    }
}
