package io.runnel.routing.catalog;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * That accounts may call a task, or may not, said by the account that owns it; never that they may
 * read its code (US10203990). A call that any grant denies is denied.
 *
 * @param grantee for whom
 * @param id the owner's name for it, unique for the task and the grantee
 * @param only the version or alias that has to be named by a call; none for all of them
 * @param effect what it says
 * @param revoked whether it holds no more: kept, so that its holder is told so
 * @param placement in whose isolates it lets calls run
 */
public record GrantRecord(
        TaskRef task,
        Grantee grantee,
        String id,
        Qualifier only,
        Effect effect,
        boolean revoked,
        Placement placement,
        GrantTerms terms)
        implements CatalogRecord {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** What a grant says. */
    public enum Effect {
        /** They may. */
        ALLOW,
        /** They may not, whatever others say. */
        DENY;

        /** As it stands in JSON: {@code allow}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * Reads a label.
         *
         * @throws IllegalArgumentException if there is none such
         */
        public static Effect parse(String label) {
            return switch (label) {
                case "allow" -> ALLOW;
                case "deny" -> DENY;
                default -> throw new IllegalArgumentException("effect must be allow or deny");
            };
        }
    }

    /** In whose isolates calls run. */
    public enum Placement {
        /** In the caller's: what a version keeps from call to call is kept for each caller. */
        CALLER,
        /** In the owner's: no call of another account leaves anything there. */
        OWNER;

        /** As it stands in JSON: {@code caller}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * Reads a label.
         *
         * @throws IllegalArgumentException if there is none such
         */
        public static Placement parse(String label) {
            return switch (label) {
                case "caller" -> CALLER;
                case "owner" -> OWNER;
                default -> throw new IllegalArgumentException("placement must be caller or owner");
            };
        }
    }

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the id is none, it is for its owner, or it denies only on
     *     terms that say how calls run
     */
    public GrantRecord {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "grant id must be 1 to 64 of A-Z, a-z, 0-9, - and _");
        }
        if (grantee.account().filter(task.account()::equals).isPresent()) {
            throw new IllegalArgumentException("grantee is the owner, who may anyway");
        }
        if (effect == Effect.DENY && (terms.limitCalls() || terms.agreement().isPresent())) {
            throw new IllegalArgumentException("a denial has no regions, no rate and no agreement");
        }
    }

    /** Whether it says that calls may be made, on its terms, and holds. */
    public boolean allows() {
        return effect == Effect.ALLOW && !revoked;
    }

    /** The same, that holds no more. */
    public GrantRecord asRevoked() {
        return new GrantRecord(task, grantee, id, only, effect, true, placement, terms);
    }

    /** The same, made of what other records are made of. */
    GrantRecord sharing(SharedValues values) {
        return new GrantRecord(
                values.of(task),
                values.of(grantee),
                values.of(id),
                values.of(only),
                effect,
                revoked,
                placement,
                values.of(terms));
    }

    @Override
    public RecordKind kind() {
        return RecordKind.GRANT;
    }

    /** {@code acme/charge/demo/ID}, or with {@code *} for every account. */
    @Override
    public String key() {
        return "%s/%s/%s".formatted(task, grantee, id);
    }
}
