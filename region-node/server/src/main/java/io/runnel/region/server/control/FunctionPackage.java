package io.runnel.region.server.control;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RuntimeKind;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * What a request brings that creates a function or changes its code: its fields, and the program in
 * its archive.
 *
 * @param fields all but the archive
 * @param program what is to be run; empty if there is no archive
 */
record FunctionPackage(JsonBody fields, Optional<Program> program) {
    private static final String ARCHIVE = "ZipFile";
    private static final String CODE = "Code";
    private static final String BOOTSTRAP = "bootstrap";

    /** Reads one value of several. */
    private static final ObjectReader VALUES =
            JsonBody.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final int MOST_ENTRIES = 10_000;

    /** A program, and what runs it. */
    static final class Program {
        private final byte[] bytes;
        private final RuntimeKind runtime;

        private Program(byte[] bytes, RuntimeKind runtime) {
            this.bytes = bytes;
            this.runtime = runtime;
        }

        /** Its code; not to be changed. */
        byte[] bytes() {
            return bytes;
        }

        RuntimeKind runtime() {
            return runtime;
        }
    }

    /**
     * Reads a request. Blocks; memory is taken for the program only.
     *
     * @param request a file that holds its JSON
     * @throws RefusedException if it is no JSON object, or its archive has no one program
     */
    static FunctionPackage read(Path request) {
        Path archive = request.resolveSibling(request.getFileName() + ".zip");
        try {
            JsonBody fields = JsonBody.of(fields(request, archive));
            FunctionFields.requireOurs(fields);
            Optional<Program> program =
                    Files.exists(archive) ? Optional.of(program(archive)) : Optional.empty();
            return new FunctionPackage(fields, program);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw RefusedException.invalid(
                    "body", "must be one JSON object with an archive in Base64");
        } catch (IOException e) {
            throw Failures.disk(e);
        } finally {
            delete(archive);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Failures.disk(e);
        }
    }

    private static ObjectNode fields(Path request, Path archive) throws IOException {
        try (JsonParser json = JsonBody.MAPPER.getFactory().createParser(request.toFile())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonParseException(json, "no object");
            }
            ObjectNode fields = object(json, archive, true);
            if (json.nextToken() != null) {
                throw new JsonParseException(json, "something follows");
            }
            return fields;
        }
    }

    /** The archive goes into its file as it comes. */
    private static ObjectNode object(JsonParser json, Path archive, boolean outer)
            throws IOException {
        ObjectNode fields = ControlJson.object();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken token = json.nextToken();
            if (name.equals(ARCHIVE) && token == JsonToken.VALUE_STRING) {
                unpack(json, archive);
            } else if (outer && name.equals(CODE) && token == JsonToken.START_OBJECT) {
                fields.set(name, object(json, archive, false));
            } else {
                JsonNode value = VALUES.readTree(json);
                fields.set(name, value);
            }
        }
        if (json.currentToken() != JsonToken.END_OBJECT) {
            throw new JsonParseException(json, "no end");
        }
        return fields;
    }

    private static void unpack(JsonParser json, Path archive) throws IOException {
        try (OutputStream out = Files.newOutputStream(archive)) {
            json.readBinaryValue(out);
        }
    }

    private static Program program(Path archive) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            if (zip.getEntry(BOOTSTRAP) != null) {
                // Whoever runs it has limits of its own for what is in it.
                return new Program(limited(Files.newInputStream(archive)), RuntimeKind.LINUX);
            }
            if (zip.size() > MOST_ENTRIES) {
                throw refused("has more than %d files".formatted(MOST_ENTRIES));
            }
            List<? extends ZipEntry> programs =
                    zip.stream().filter(FunctionPackage::isProgram).toList();
            if (programs.size() != 1) {
                throw refused(
                        "must have one program, NAME.wasm, and has %d".formatted(programs.size()));
            }
            return new Program(limited(zip.getInputStream(programs.getFirst())), RuntimeKind.WASM);
        } catch (ZipException | IllegalArgumentException e) {
            throw new RefusedException(
                    ControlError.INVALID_REQUEST,
                    "Could not unzip uploaded file. Please check your file, then try to upload"
                            + " again.");
        }
    }

    private static RefusedException refused(String rule) {
        return RefusedException.invalid(ARCHIVE, rule);
    }

    /** Not what macOS lays beside it. */
    private static boolean isProgram(ZipEntry entry) {
        return !entry.isDirectory()
                && entry.getName().endsWith(".wasm")
                && !entry.getName().startsWith("__MACOSX/");
    }

    /** Whatever an archive says of sizes. */
    private static byte[] limited(InputStream from) throws IOException {
        int most = Math.toIntExact(Limits.MODULE.bytes());
        try (from) {
            byte[] bytes = from.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new RefusedException(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "unzipped it is larger than %s".formatted(Limits.MODULE));
            }
            return bytes;
        }
    }
}
