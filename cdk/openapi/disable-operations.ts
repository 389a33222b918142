import type { Settings } from '../../lib/settings/settings.ts'
import { bodyErrors, jsonContent, ok, pathParameter } from './operation.ts'
import { type Operations, operatorErrors, pages } from './operator-request.ts'
import { operatorSecurity } from './security.ts'

/** The requests of the operator on jobs that disable many clients, by path and method. */
export const disableOperations = (settings: Settings): Operations => {
  const common = { tag: 'clients', security: operatorSecurity(settings) } as const
  const ofJob = { ...common, parameters: [pathParameter('id', 'The job.')] }
  const errors = operatorErrors(settings)
  return {
    '/clients/disable': {
      POST: {
        ...common,
        operationId: 'disableClients',
        summary: 'Disable many clients: create a job and do its first slice',
        description:
          'The job is continued by further requests. Clients that are registered after it are not examined: run another job for them.',
        requestBody: { required: true, content: jsonContent('DisableRequest') },
        success: {
          201: {
            ...ok('The job, with the clients of this slice.', 'DisableJob'),
            headers: { Location: { description: 'The job.', schema: { type: 'string' } } },
          },
        },
        errors: [...errors, ...bodyErrors],
      },
    },
    '/disable-jobs': {
      GET: {
        ...common,
        operationId: 'listDisableJobs',
        summary: 'List jobs that disable many clients, newest first',
        parameters: [...pages],
        success: { 200: ok('One page.', 'DisableJobs') },
        errors,
      },
    },
    '/disable-jobs/{id}': {
      GET: {
        ...ofJob,
        operationId: 'getDisableJob',
        summary: 'Show a job, and the clients that it disabled',
        parameters: [...ofJob.parameters, ...pages],
        success: { 200: ok('The job, with a page of its clients.', 'DisableJobPage') },
        errors: [...errors, 'not_found'],
      },
      POST: {
        ...ofJob,
        operationId: 'changeDisableJob',
        summary: 'Continue, cancel or undo a job',
        requestBody: { required: true, content: jsonContent('DisableJobAction') },
        success: { 200: ok('The job, with the clients of this slice.', 'DisableJob') },
        errors: [...errors, 'not_found', 'conflict', ...bodyErrors],
      },
    },
  }
}
