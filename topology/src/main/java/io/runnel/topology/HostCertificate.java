package io.runnel.topology;

/**
 * A certificate that a POP shows users who call it by a name that stands there, by its files on the
 * POP's machine.
 *
 * @param certificate the absolute path of a file with the host's certificate, then those that lead
 *     to an authority that users know (PEM)
 * @param key the absolute path of the file with its private key (PEM)
 */
public record HostCertificate(String certificate, String key) {
    /** The most of one POP. */
    public static final int MOST = 64;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is no usable path
     */
    public HostCertificate {
        certificateFile(certificate);
        keyFile(key);
    }

    static String certificateFile(String path) {
        return FilePath.require("a certificate's file", path);
    }

    static String keyFile(String path) {
        return FilePath.require("a key's file", path);
    }
}
