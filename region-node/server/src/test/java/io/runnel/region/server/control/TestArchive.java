package io.runnel.region.server.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives as tools of AWS make them. */
final class TestArchive {
    private TestArchive() {}

    /** Of files, each a name and what is in it. */
    static byte[] of(String... files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < files.length; i += 2) {
                zip.putNextEntry(new ZipEntry(files[i]));
                zip.write(files[i + 1].getBytes(StandardCharsets.ISO_8859_1));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static String base64(String... files) {
        return Base64.getEncoder().encodeToString(of(files));
    }

    /** A request that makes a function of a program. */
    static String creation(String name, String program, String moreFields) {
        return "{\"FunctionName\":\"%s\",\"Role\":\"arn:aws:iam::demo:role/any\",\"Code\":{\"ZipFile\":\"%s\"}%s}"
                .formatted(name, base64(name + ".wasm", program), moreFields);
    }
}
