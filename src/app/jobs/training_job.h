#pragma once

// TrainingJob: the training of a model as a job of the server. A function; any worker of the pool.

#include "app/jobs/job_ground.h"
#include "jobs/job_pool.h"

namespace livetape::app {

// The request is one that has been checked. The model is in the data folder when it has completed.
model::JobEnd RunTrainingJob(jobs::JobContext& context, const JobGround& ground);

}  // namespace livetape::app
