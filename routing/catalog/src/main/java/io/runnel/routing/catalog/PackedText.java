package io.runnel.routing.catalog;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * A text that is kept small: in UTF-8, deflated (RFC 1950), in Base64. Whoever unpacks one says how
 * long it may be.
 *
 * @param packed the Base64
 */
public record PackedText(String packed) {
    /** Packs a text. */
    public static PackedText of(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
                DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return new PackedText(Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }

    /**
     * The text.
     *
     * @param mostBytes in UTF-8
     * @throws IllegalArgumentException if it is longer, or this is no packed text
     */
    public String text(int mostBytes) {
        byte[] bytes = Base64.getDecoder().decode(packed);
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
            byte[] text = in.readNBytes(mostBytes);
            if (in.read() >= 0) {
                throw new IllegalArgumentException("longer than %d bytes".formatted(mostBytes));
            }
            return new String(text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalArgumentException("is no packed text", e);
        }
    }
}
