package io.runnel.exec.microvm.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.microvm.image.ImageException.Code;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;

/** What lies beside a base image: JSON that says what it is. */
final class Manifest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MOST_BYTES = 1 << 20;

    private Manifest() {}

    static byte[] of(BaseImage image) {
        ObjectNode json =
                MAPPER.createObjectNode()
                        .put("name", image.name())
                        .put("file", image.file().getFileName().toString())
                        .put("digest", image.digest())
                        .put("bytes", image.size().bytes())
                        .put("release", image.release());
        image.packages().forEach(json.putArray("packages")::add);
        new TreeSet<>(image.programs()).forEach(json.putArray("programs")::add);
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The image that a manifest tells of.
     *
     * @throws ImageException if it tells of none
     */
    static BaseImage read(Path manifest) throws IOException {
        if (Files.size(manifest) > MOST_BYTES) {
            throw broken(manifest);
        }
        JsonNode json = tree(manifest);
        String digest = json.path("digest").asText();
        Path file = Path.of(json.path("file").asText()).getFileName();
        if (!CodeDigest.isValid(digest) || file.toString().isEmpty()) {
            throw broken(manifest);
        }
        return new BaseImage(
                json.path("name").asText(),
                manifest.resolveSibling(file),
                digest,
                new ByteSize(Math.max(0, json.path("bytes").asLong())),
                json.path("release").asText(),
                texts(json.path("packages")),
                new HashSet<>(texts(json.path("programs"))));
    }

    private static JsonNode tree(Path manifest) throws IOException {
        byte[] text = Files.readAllBytes(manifest);
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw broken(manifest);
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static ImageException broken(Path manifest) {
        return new ImageException(
                Code.FAILED, "%s says of no image what it is; remove it".formatted(manifest));
    }
}
