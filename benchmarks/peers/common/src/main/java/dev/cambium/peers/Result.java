package dev.cambium.peers;

import java.util.ArrayList;
import java.util.List;

/** What is known of a contender in the end, or why it is not. */
final class Result {
    final Entrant entrant;
    String failure = "";
    String version = "";
    double accuracy;
    double firstStepSeconds;
    double latencySeconds;
    long peakMegabytes;
    /** Images a second, a window each. */
    final List<Double> training = new ArrayList<>();
    final List<Double> inference = new ArrayList<>();

    Result(Entrant entrant) {
        this.entrant = entrant;
    }
}
