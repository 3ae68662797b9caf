package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** An API's document in a file: JSON, or YAML that says the same. */
final class ApiFile {
    /** More than any document that a region takes, with room for indentation and comments. */
    static final int MOST_BYTES = 1024 * 1024;

    private ApiFile() {}

    /**
     * Reads one.
     *
     * @throws CliException if the file cannot be read, is too large, or is neither
     */
    static JsonNode read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw CliException.failed(
                        "--from %s has more than %,d bytes (this limit is fixed)"
                                .formatted(file, MOST_BYTES));
            }
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return parse(text);
        } catch (CharacterCodingException e) {
            throw CliException.failed("--from %s is no text in UTF-8".formatted(file));
        } catch (IllegalArgumentException e) {
            throw CliException.failed("--from %s: %s".formatted(file, e.getMessage()));
        } catch (IOException e) {
            throw CliException.failed("--from %s cannot be read: %s".formatted(file, Reason.of(e)));
        }
    }

    /**
     * Reads a text.
     *
     * @throws IllegalArgumentException if it is neither; with the place
     */
    static JsonNode parse(String text) {
        return text.stripLeading().startsWith("{") ? Json.exact(text) : YamlText.read(text);
    }
}
