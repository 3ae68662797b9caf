package io.runnel.attestation;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The file where a user's keys lie, in the form of AWS shared credentials, so that AWS tools may
 * read it: {@code [name]}, {@code aws_access_key_id}, {@code aws_secret_access_key}, and {@code
 * endpoint}; {@code ca}, where the network's root is not in the data folder. Sections, settings and
 * comments of others are kept as they are.
 *
 * <p>Safe for any thread and for several processes at once: a writer holds a lock, a reader sees a
 * whole file. Each call reads the disk.
 */
public final class CredentialsFile {
    private final SecretFile file;

    /** The file at this place, be it there or not. */
    public CredentialsFile(Path path) {
        this.file = new SecretFile(path);
    }

    /** Where it is. */
    public Path path() {
        return file.path();
    }

    /**
     * All profiles with keys of ours, in the order of the file; none if there is no file.
     *
     * @throws AttestationException if the file cannot be read, is malformed or open to others
     */
    public Map<String, Profile> read() {
        return sections().profiles();
    }

    /**
     * One profile.
     *
     * @throws AttestationException as {@link #read}
     */
    public Optional<Profile> profile(String name) {
        return Optional.ofNullable(read().get(name));
    }

    /**
     * Adds the profile, or replaces the one of its name.
     *
     * @throws AttestationException as {@link #read}, or if the file cannot be written
     */
    public void put(Profile profile) {
        change(sections -> sections.with(profile));
    }

    /**
     * Removes the section of this name, if it is there.
     *
     * @throws AttestationException as {@link #put}
     */
    public void remove(String name) {
        change(sections -> sections.without(name));
    }

    private void change(UnaryOperator<CredentialsText> change) {
        file.exclusively(
                () -> {
                    file.write(change.apply(sections()).text());
                    return true;
                });
    }

    private CredentialsText sections() {
        return CredentialsText.parse(file, file.read().orElse(""));
    }
}
