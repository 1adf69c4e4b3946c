package dev.cambium.app.wiring;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.cambium.backend.BackendProvider;
import dev.cambium.nn.Layer;
import dev.cambium.nn.Loss;
import dev.cambium.nn.Optimizer;
import dev.cambium.nn.Schedule;
import dev.cambium.train.Callback;

/**
 * What a training run is to do.
 *
 * @param data
 *            the folder that the user named for the dataset
 * @param network
 *            what to train
 * @param loss
 *            what to make small
 * @param optimizer
 *            how
 * @param schedule
 *            how the length of its steps changes
 * @param callbacks
 *            what goes along with it
 * @param epochs
 *            how many epochs
 * @param batchSize
 *            how many examples a step takes
 * @param maxSteps
 *            after how many steps to stop
 * @param seed
 *            what all randomness follows from
 * @param backend
 *            what computes
 */
public record TrainingPlan(Optional<Path> data, ChosenPart<Layer> network,
        ChosenPart<Loss> loss, ChosenPart<Optimizer> optimizer,
        Optional<ChosenPart<Schedule>> schedule, List<ChosenPart<Callback>> callbacks, int epochs, int batchSize,
        Optional<Long> maxSteps,
        long seed, ChosenPart<BackendProvider> backend) {}
