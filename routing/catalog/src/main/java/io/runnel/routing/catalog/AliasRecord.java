package io.runnel.routing.catalog;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;

import java.util.Optional;

/**
 * A name for a version of a task, by which it can be called: {@code /fn/acme/charge@stable}; some
 * of its calls may go to another version. The alias {@value #LIVE} is what calls get that name
 * none, as long as its version is the task's live one.
 *
 * @param version which one
 * @param canary the other one, if any
 * @param rolledBack of the last canary, if it was worse
 */
public record AliasRecord(
        TaskRef task,
        String name,
        int version,
        Optional<Canary> canary,
        Optional<RolledBack> rolledBack)
        implements CatalogRecord {
    /** The alias of calls that name none. */
    public static final String LIVE = "live";

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the name is none, the version is not positive, or the
     *     canary is no other version
     */
    public AliasRecord {
        if (!Qualifier.isAlias(name)) {
            throw new IllegalArgumentException(
                    "alias must be 1 to 63 of A-Z, a-z, 0-9, - and _, and no number");
        }
        if (version < 1) {
            throw new IllegalArgumentException("version must be positive: " + version);
        }
        if (canary.filter(other -> other.version() == version).isPresent()) {
            throw new IllegalArgumentException("canary must be another version than the alias's");
        }
    }

    /** The same without its canary, which was worse. */
    public AliasRecord rolledBack(RolledBack why) {
        return new AliasRecord(task, name, version, Optional.empty(), Optional.of(why));
    }

    /** Whether calls of it may get this version. */
    public boolean uses(int asked) {
        return version == asked || canary.filter(other -> other.version() == asked).isPresent();
    }

    @Override
    public RecordKind kind() {
        return RecordKind.ALIAS;
    }

    /** {@code acme/charge@stable}. */
    @Override
    public String key() {
        return task + "@" + name;
    }
}
