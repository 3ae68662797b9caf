package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskRef;

import java.util.regex.Pattern;

/**
 * That an account agrees to what the owner of a task asks for, so that grants hold that ask for it.
 *
 * @param account who agrees
 * @param task another account's
 * @param text what it agrees to, as grants ask for it
 */
public record AgreementRecord(AccountId account, TaskRef task, String text)
        implements CatalogRecord {
    private static final Pattern TEXT = Pattern.compile("[!-~]|[!-~][ -~]{0,510}[!-~]");

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the text is none, or the task is the account's own
     */
    public AgreementRecord {
        var unused = requireText(text);
        if (task.account().equals(account)) {
            throw new IllegalArgumentException("the task is the account's own");
        }
    }

    /**
     * Checks what is agreed to: the address of a text that does not change, or a sentence.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static String requireText(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "an agreement must be 1 to 512 printable ASCII characters");
        }
        return text;
    }

    @Override
    public RecordKind kind() {
        return RecordKind.AGREEMENT;
    }

    /** {@code demo/acme/charge}. */
    @Override
    public String key() {
        return account + "/" + task;
    }
}
