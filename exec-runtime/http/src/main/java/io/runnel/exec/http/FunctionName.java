package io.runnel.exec.http;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskName;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A task as the Lambda Invoke call names it: {@code task}, {@code task:qualifier}, {@code
 * account:function:task[:qualifier]}, or {@code
 * arn:aws:lambda:REGION:account:function:task[:qualifier]}.
 *
 * @param account if named; else the caller's own
 * @param qualifier a version's number, {@code $LATEST} or an alias
 */
public record FunctionName(Optional<AccountId> account, TaskName task, Optional<String> qualifier) {
    private static final int MOST_CHARACTERS = 256;
    private static final Pattern FORM =
            Pattern.compile(
                    "(?:(?:arn:[a-z][a-z-]{0,30}:lambda:[a-z][a-z0-9-]{0,62}:)?"
                            + "([a-z0-9-]{1,63}):function:)?"
                            + "([a-z0-9-]{1,63})"
                            + "(?::(\\$LATEST|[A-Za-z0-9_-]{1,128}))?");

    /**
     * Reads a name as it stands in a path: SDKs encode its colons. Empty if it is none of these
     * forms.
     */
    public static Optional<FunctionName> inPath(String segment) {
        return UrlPath.decode(segment).flatMap(FunctionName::parse);
    }

    /** Reads a name; empty if it is none of these forms. */
    public static Optional<FunctionName> parse(String text) {
        if (text.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || !TaskName.isValid(matcher.group(2))) {
            return Optional.empty();
        }
        Optional<String> account = Optional.ofNullable(matcher.group(1));
        if (account.isPresent() && !AccountId.isValid(account.get())) {
            return Optional.empty();
        }
        return Optional.of(
                new FunctionName(
                        account.map(AccountId::new),
                        new TaskName(matcher.group(2)),
                        Optional.ofNullable(matcher.group(3))));
    }
}
