package io.runnel.region.cli;

import picocli.CommandLine.Option;

/** Whether a command that changes something ends only when every node goes by it. */
final class WaitOption {
    @Option(names = "--no-wait", description = "do not wait until every node goes by it")
    private boolean noWait;

    /** Whether it ends at once. */
    boolean isOff() {
        return noWait;
    }

    /**
     * Until every node goes by what was changed; says which do not.
     *
     * @return what the command ends with: 1 if a node that is heard of still does not
     */
    int await(Shell shell, Api api, Api.Change change) {
        if (noWait || change.path().isEmpty()) {
            return 0;
        }
        Rollout rollout = new Publisher(api).awaitRollout(change.path().get(), place -> {});
        for (Rollout.Place place : rollout.missing()) {
            shell.say("runnel: not yet known to %s (%s)".formatted(place.name(), place.state()));
        }
        return rollout.isSettled() ? 0 : 1;
    }
}
