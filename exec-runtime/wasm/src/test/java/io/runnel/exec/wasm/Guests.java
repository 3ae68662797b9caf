package io.runnel.exec.wasm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/** The guests beside these tests, assembled from the texts beside them. */
final class Guests {
    private Guests() {}

    /** The module of this name. */
    static byte[] module(String name) {
        String file = "guests/" + name.toLowerCase(Locale.ROOT) + ".wasm";
        try (InputStream in = Guests.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("no such guest: " + file);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
