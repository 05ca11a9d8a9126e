"""Community buses and shuttles that meet the boats: facts of an island day, plan, audit."""
