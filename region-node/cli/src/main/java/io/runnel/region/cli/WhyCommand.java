package io.runnel.region.cli;

import io.runnel.exec.task.RequestId;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.concurrent.Callable;

/** Shows what nodes noted of one call. */
@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what was decided for one call, by whom and why, and how long it took.",
            "The id stands in the answer's header Runnel-Request-Id."
        })
final class WhyCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "REQUEST-ID", description = "the call")
    private String id;

    @Mixin private DataOption data;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    WhyCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (!RequestId.isValid(id)) {
            throw CliException.usage("a request id has 26 of 0-9 and a-z");
        }
        List<NodeAdmin.Answer> answers = NodeAdmin.mustBe(data.in(shell)).calls(new RequestId(id));
        if (json) {
            shell.print(Json.pretty(CallText.json(id, answers)));
        } else {
            CallText.lines(id, answers).forEach(shell::print);
        }
        return CallText.isKnown(answers) ? 0 : 1;
    }
}
