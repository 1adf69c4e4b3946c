package dev.cambium.app.run;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

import com.google.gson.stream.JsonWriter;

import dev.cambium.backend.Profile;
import dev.cambium.train.TrainingEvent;
import dev.cambium.train.TrainingListener;

/**
 * The last steps of a training run, call by call, in the trace-event format that Chrome and Perfetto read: a row of steps, and one for
 * each thread, whose events are calls of kernels with layer and step.
 */
public final class StepTrace implements TrainingListener {
    private static final int PROCESS = 1;

    /** A step and when it was made. */
    private record Step(long number, long start, long end) {
        boolean includes(Profile.Event event) {
            return start <= event.start() && event.start() < end;
        }
    }

    private final int most;
    private final LongSupplier nanoTime;
    private final Deque<Step> steps = new ArrayDeque<>();
    private long stepStart;

    /**
     * A trace without steps yet.
     *
     * @param most
     *            of how many steps it tells, the last ones
     * @param nanoTime
     *            the clock by which the backend measures, {@link System#nanoTime}
     */
    public StepTrace(int most, LongSupplier nanoTime) {
        this.most = most;
        this.nanoTime = nanoTime;
    }

    /** Notes when steps are made. */
    @Override
    public void on(TrainingEvent event) {
        long now = nanoTime.getAsLong();
        if (event instanceof TrainingEvent.StepEnded step) {
            if (steps.size() == most) {
                steps.removeFirst();
            }
            steps.addLast(new Step(step.step(), stepStart, now));
        }
        stepStart = now; // what follows the end of an epoch is not its evaluation
    }

    /** The number of steps that it tells of. */
    public int steps() {
        return steps.size();
    }

    /**
     * Writes the steps.
     *
     * @param profiles
     *            what was measured of the executables that make steps
     */
    public void write(OutputStream out, List<Profile> profiles) throws IOException {
        var json = new JsonWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        json.beginObject().name("displayTimeUnit").value("ms").name("traceEvents").beginArray();
        int lanes = profiles.stream().mapToInt(Profile::lanes).max().orElse(0);
        writeName(json, "process_name", 0, "cambium train");
        writeName(json, "thread_name", 0, "steps");
        for (int lane = 0; lane < lanes; lane++) {
            writeName(json, "thread_name", row(lane), "thread " + lane);
        }
        for (Step step : steps) {
            writeEvent(json, "step " + step.number(), 0, step.start(), step.end() - step.start(), step);
            json.endObject().endObject();
        }
        for (Profile profile : profiles) {
            for (Profile.Event event : profile.events()) {
                Optional<Step> step = steps.stream().filter(each -> each.includes(event)).findFirst();
                if (step.isPresent()) {
                    Profile.Kernel kernel = profile.kernels().get(event.kernel());
                    writeEvent(json, kernel.name(), row(event.lane()), event.start(), event.nanos(), step.get());
                    json.name("layer").value(String.join(", ", kernel.paths())).name("does")
                            .value(kernel.description()).endObject().endObject();
                }
            }
        }
        json.endArray().endObject().flush();
    }

    /** The steps have row 0. */
    private static int row(int lane) {
        return lane + 1;
    }

    private static void writeName(JsonWriter json, String what, int row, String name) throws IOException {
        json.beginObject().name("name").value(what).name("ph").value("M").name("pid").value(PROCESS).name("tid")
                .value(row).name("args").beginObject().name("name").value(name).endObject().endObject();
    }

    /** A complete event, up to its arguments, which the caller may add to; times are microseconds since the first step began. */
    private void writeEvent(JsonWriter json, String name, int row, long start, long nanos, Step step)
            throws IOException {
        json.beginObject().name("name").value(name).name("ph").value("X").name("pid").value(PROCESS).name("tid")
                .value(row).name("ts").value((start - steps.getFirst().start()) / 1e3).name("dur").value(nanos / 1e3)
                .name("args").beginObject().name("step").value(step.number());
    }
}
