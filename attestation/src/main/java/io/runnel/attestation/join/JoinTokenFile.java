package io.runnel.attestation.join;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.SecretFile;
import io.runnel.exec.task.RegionId;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The join tokens of one POP, {@code join.token} in its own folder: one in a line, each for another
 * region's authority. Only its owner may read it. Safe for any thread and process.
 */
public final class JoinTokenFile {
    private final SecretFile file;

    /** In the POP's own folder. */
    public JoinTokenFile(Path folder) {
        this.file = new SecretFile(folder.resolve("join.token"));
    }

    /** Its place. */
    public Path path() {
        return file.path();
    }

    /**
     * The one for a region's authority.
     *
     * @throws AttestationException if the file cannot be read, or is open to others
     */
    public Optional<String> of(RegionId region) {
        return file.read().stream()
                .flatMap(String::lines)
                .filter(
                        line ->
                                JoinToken.unchecked(line)
                                        .filter(token -> token.authority().region().equals(region))
                                        .isPresent())
                .findFirst();
    }

    /**
     * Replaces them.
     *
     * @throws AttestationException if that cannot be written
     */
    public void write(List<String> tokens) {
        file.write(String.join("\n", tokens) + "\n");
    }

    /**
     * Takes them away: they are used up, or of no use.
     *
     * @return whether there were any
     * @throws AttestationException if they cannot be taken away
     */
    public boolean delete() {
        return file.delete();
    }
}
