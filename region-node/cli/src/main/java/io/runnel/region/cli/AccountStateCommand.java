package io.runnel.region.cli;

import io.runnel.exec.task.AccountId;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** Says what an account may do from now on; for administrators. */
abstract sealed class AccountStateCommand implements Callable<Integer> {
    private final Shell shell;
    private final String state;
    private final String sentence;

    @Parameters(paramLabel = "ACCOUNT", description = "the account")
    private String name = "";

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Mixin private WaitOption patience;

    @Mixin private DataOption data;

    private AccountStateCommand(Shell shell, String state, String sentence) {
        this.shell = shell;
        this.state = state;
        this.sentence = sentence;
    }

    /** {@code runnel accounts suspend}. */
    @Command(
            name = "suspend",
            mixinStandardHelpOptions = true,
            description =
                    "Lets an account do nothing: its tasks are called by nobody and its keys open"
                            + " nothing, until it is resumed. Nothing of it is lost.")
    static final class Suspend extends AccountStateCommand {
        Suspend(Shell shell) {
            super(shell, "suspended", "%s is suspended; runnel accounts resume %1$s ends that");
        }
    }

    /** {@code runnel accounts resume}. */
    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = "Lets a suspended account do what it may.")
    static final class Resume extends AccountStateCommand {
        Resume(Shell shell) {
            super(shell, "active", "%s is active");
        }
    }

    /** {@code runnel accounts close}. */
    @Command(
            name = "close",
            mixinStandardHelpOptions = true,
            description =
                    "Lets an account do nothing any more, for good; its name is not given again.")
    static final class Close extends AccountStateCommand {
        Close(Shell shell) {
            super(shell, "closed", "%s is closed");
        }
    }

    @Override
    public final Integer call() {
        if (!AccountId.isValid(name)) {
            throw CliException.failed("there is no account '%s'".formatted(name));
        }
        Api api = Account.admin(shell, data.in(shell));
        Api.Change change =
                api.change(
                        "PUT",
                        "/v1/accounts/%s/state".formatted(name),
                        Json.object().put("state", state));
        int end = patience.await(shell, api, change);
        shell.print(json ? Json.pretty(change.answer()) : sentence.formatted(name));
        return end;
    }
}
