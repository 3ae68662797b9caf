package io.runnel.exec.microvm.guest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/**
 * The first file system of a guest: the agent as {@code /init}, the kernel's modules in {@code
 * /modules} with {@code /modules/order}, and {@code /dev/console}. The same agent and kernel give
 * the same bytes.
 */
public final class Initramfs {
    private static final String AGENT = "agent";

    private Initramfs() {}

    /** The agent's program: a static executable for x86-64 Linux. */
    public static byte[] agent() {
        try (InputStream in = Initramfs.class.getResourceAsStream(AGENT)) {
            if (in == null) {
                throw new IllegalStateException("this build has no guest agent");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("the guest agent cannot be read", e);
        }
    }

    /**
     * Makes it, as a gzip file.
     *
     * @throws IOException if a module cannot be read
     */
    public static byte[] of(KernelFiles kernel) throws IOException {
        return of(agent(), kernel);
    }

    static byte[] of(byte[] agent, KernelFiles kernel) throws IOException {
        CpioArchive archive =
                new CpioArchive()
                        .folder("dev", 0755)
                        .characterDevice("dev/console", 0600, 5, 1)
                        .file("init", 0755, agent)
                        .folder("modules", 0755);
        StringBuilder order = new StringBuilder();
        for (Path module : kernel.modules()) {
            String name = module.getFileName().toString();
            order.append(name).append('\n');
            archive.file("modules/" + name, 0644, Files.readAllBytes(module));
        }
        archive.file("modules/order", 0644, order.toString().getBytes(US_ASCII));
        return zip(archive.bytes());
    }

    private static byte[] zip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    /**
     * Writes it into a folder, under a name of its content, unless it is there.
     *
     * @return where it is
     */
    public static Path writeTo(Path folder, KernelFiles kernel) throws IOException {
        byte[] bytes = of(kernel);
        Path target = folder.resolve("initramfs-%s.gz".formatted(digest(bytes)));
        if (!Files.exists(target)) {
            Files.createDirectories(folder);
            Path made = Files.createTempFile(folder, "initramfs", ".part");
            Files.write(made, bytes);
            Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
        }
        return target;
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
