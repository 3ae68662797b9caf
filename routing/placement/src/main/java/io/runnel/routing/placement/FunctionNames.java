package io.runnel.routing.placement;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which task a function name of the AWS Lambda Invoke call means: {@code NAME}, a task of the
 * caller's own account; {@code ACCOUNT:function:NAME}; or {@code
 * arn:aws:lambda:REGION:ACCOUNT:function:NAME}, of any region. Each may end in {@code :$LATEST},
 * which here is the live version.
 *
 * <p>Pure. Any thread.
 */
public final class FunctionNames {
    private static final int MOST_CHARACTERS = 256;
    private static final Pattern WRITTEN =
            Pattern.compile(
                    "(?:(?:arn:aws:lambda:[a-z0-9-]{1,63}:)?([a-z0-9-]{1,63}):function:)?"
                            + "([a-z0-9-]{1,63})(?::\\$LATEST)?");

    private FunctionNames() {}

    /** The task; empty if the name is malformed or needs an account that the caller has not. */
    public static Optional<TaskRef> task(String function, Caller caller) {
        if (function.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        Matcher matcher = WRITTEN.matcher(function);
        if (!matcher.matches() || !TaskName.isValid(matcher.group(2))) {
            return Optional.empty();
        }
        TaskName name = new TaskName(matcher.group(2));
        return account(matcher.group(1), caller).map(account -> new TaskRef(account, name));
    }

    private static Optional<AccountId> account(String written, Caller caller) {
        if (written != null) {
            return AccountId.isValid(written)
                    ? Optional.of(new AccountId(written))
                    : Optional.empty();
        }
        return switch (caller) {
            case Caller.Anonymous _ -> Optional.empty();
            case Caller.Keyed(AccountId account, String _) -> Optional.of(account);
        };
    }
}
